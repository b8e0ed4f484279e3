import "server-only";
import { type ErrandEnd, isReduced, nameEnd, type ReducePart } from "#lib/domain/errand/errand.ts";
import type { Tx } from "../db/client.ts";
import { tellOfJob } from "../notices/tell-of-job.ts";
import { countAccepted, failReduction, findReduced, keepReduced } from "./reduction-store.ts";

type StepEnd = { end: ErrandEnd; output: Uint8Array | null; at: Date };

/**
 * What a step of a reducer came to, within the transaction that holds its errand: what it wrote becomes the result so far, and an end of another kind the
 * reduction's, which is told.
 */
export async function finishStep(tx: Tx, { jobId, fromNo, toNo }: ReducePart, { end, output, at }: StepEnd): Promise<void> {
  if (!isReduced(end.outcome)) {
    await failReduction(tx, jobId, { ...end, fromNo, toNo });
    const reason = { code: "reducer_failed", params: { outcome: nameEnd(end), from: fromNo, to: toNo - 1 } } as const;
    return await tellOfJob(tx, { jobId, kind: "reducer_failed", event: `${fromNo}-${toNo}`, at, reason });
  }
  const before = await findReduced(tx, jobId, fromNo);
  const accepted = await countAccepted(tx, jobId, { fromNo, toNo });
  await keepReduced(tx, jobId, { toNo, shards: before.shards + accepted, state: output ?? new Uint8Array() });
}
