import "server-only";
import { type ErrandEnd, isReduced, type ReducePart } from "#lib/domain/errand/errand.ts";
import type { Tx } from "../db/client.ts";
import { countAccepted, failReduction, findReduced, keepReduced } from "./reduction-store.ts";

/** What a step of a reducer came to, within the transaction that holds its errand: what it wrote becomes the result so far, and an end of another kind the reduction's. */
export async function finishStep(tx: Tx, { jobId, fromNo, toNo }: ReducePart, { end, output }: { end: ErrandEnd; output: Uint8Array | null }): Promise<void> {
  if (!isReduced(end.outcome)) return await failReduction(tx, jobId, { ...end, fromNo, toNo });
  const before = await findReduced(tx, jobId, fromNo);
  const accepted = await countAccepted(tx, jobId, { fromNo, toNo });
  await keepReduced(tx, jobId, { toNo, shards: before.shards + accepted, state: output ?? new Uint8Array() });
}
