import "server-only";
import { createHash } from "node:crypto";
import { closeness } from "#lib/domain/compare/closeness.ts";
import type { ErrandOutcome } from "#lib/domain/errand/errand.ts";
import { idOf } from "#lib/domain/ids.ts";
import { mayDoubt, readOwnCheck } from "#lib/domain/trust/own-check.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import type { JobFacts } from "../exchange/job-snapshot.ts";
import { findInlineOutput, type TakenErrand } from "./errand-store.ts";
import { askTrusted, lockDoubted } from "./own-check-store.ts";

/** Whether a run on a device of the job's owner came to the accepted output, by the job's own comparison; null where the machine gave up. */
export async function compareOwnCheck(
  services: Services,
  facts: JobFacts,
  of: { errand: TakenErrand; outcome: ErrandOutcome; output: Uint8Array | null },
): Promise<boolean | null> {
  const { errand, outcome, output } = of;
  const { compare } = facts.spec.verification;
  const { digest } = errand;
  if (output === null || digest === null) return readOwnCheck({ outcome, isEqual: false });
  const own = createHash("sha256").update(output).digest("hex");
  if (own === digest || !compare || compare.kind === "exact") return readOwnCheck({ outcome, isEqual: own === digest });
  const accepted = await readAccepted(services, facts, { no: errand.shardNo, round: errand.round, digest });
  return accepted === null ? null : readOwnCheck({ outcome, isEqual: closeness(output, accepted, compare) <= 1 });
}

async function readAccepted(services: Services, { jobId }: JobFacts, part: { no: number; round: number; digest: string }): Promise<Uint8Array | null> {
  const inline = await findInlineOutput(services.db, { jobId, ...part });
  if (inline !== null) return new Uint8Array(Buffer.from(inline, "base64"));
  return (await services.blobs.size(part.digest)) === null ? null : await services.blobs.readBytes(part.digest);
}

/** What follows from a run on a device of the job's owner: nothing, or that a trusted device of the instance looks at the shard. */
export async function drawConsequence(tx: Tx, facts: JobFacts, of: { errand: TakenErrand; isEqual: boolean | null; at: Date }): Promise<void> {
  const { errand, isEqual, at } = of;
  if (isEqual !== false) return;
  const shard = { jobId: idOf("job", errand.groupId), no: errand.shardNo, round: errand.round };
  const doubted = await lockDoubted(tx, { ...shard, assurance: facts.spec.verification.assurance });
  if (mayDoubt({ isEqual, ...doubted })) await askTrusted(tx, { errandId: errand.id, ...shard, at });
}
