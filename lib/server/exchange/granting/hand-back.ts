import "server-only";
import type { GrantId } from "#lib/domain/ids.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import type { DevicePrincipal } from "../../principal.ts";
import type { JobFacts } from "../job-snapshot.ts";
import { abandonGrants } from "./grant-store.ts";
import { loseGrants } from "./lose-grants.ts";

/** Takes back grants a device abandons: what it did not report is on offer at once, to others first. */
export async function handBack(ctx: Context<DevicePrincipal>, facts: JobFacts, ids: readonly GrantId[]): Promise<void> {
  const { jobId } = facts;
  await transaction(ctx.db, async (tx) => {
    const grants = await abandonGrants(tx, jobId, { deviceId: ctx.principal.deviceId, ids });
    await loseGrants(tx, { jobId, grants, at: ctx.clock.now(), independentWaitMs: ctx.config.independentWaitMs, isSilent: false });
  });
}
