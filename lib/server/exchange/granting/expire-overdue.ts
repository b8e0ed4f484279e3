import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { Services } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { endByHealth } from "../end-if-done.ts";
import type { JobSnapshot } from "../job-snapshot.ts";
import { countLosses, expireGrants } from "./grant-store.ts";
import { loseGrants } from "./lose-grants.ts";

/**
 * Ends grants of a job whose lease is over, at most 200 of them, and puts what they did not report on offer. Returns how many ended; any number of
 * callers may do it at once.
 */
export async function expireOverdue(services: Services, snapshot: JobSnapshot, jobId: JobId): Promise<number> {
  const facts = (await snapshot.facts([jobId])).get(jobId);
  if (!facts) return 0;
  const { expired, failed } = await transaction(services.db, async (tx) => {
    const at = services.clock.now();
    const grants = await expireGrants(tx, jobId, at);
    await countLosses(
      tx,
      grants.map((grant) => grant.deviceId),
    );
    const lost = await loseGrants(tx, {
      jobId,
      grants,
      at,
      independentWaitMs: services.config.independentWaitMs,
      isSilent: true,
    });
    return { expired: grants.length, failed: lost };
  });
  if (failed > 0) await endByHealth(services, facts);
  return expired;
}
