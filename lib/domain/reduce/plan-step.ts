/** A shard that has been tried. */
export type TriedShard = { no: number; verdict: "accepted" | "failed" | "open"; outputBytes: number };

export const STEP_LIMITS = {
  shardsMax: 1024,
  /** Of outputs; a larger one is a step of its own. */
  bytesMax: 4 * 1024 * 1024,
  /** Steps of a job that are not full are no smaller than this part of it, because each costs a run on a trusted device. */
  partsMax: 16,
  /** Results of steps that are kept, so that a corrected shard does not mean all of it again. */
  keptMax: 16,
} as const;

/** Up to which shard, itself not included, a step goes, and how many accepted ones it takes. */
export type Step = { toNo: number; accepted: number };

/**
 * What an owner's reducer takes next: shards from `fromNo` on that all have a verdict. Where nothing of the job changes any more (`isOver`), those without one are passed over. `tried` are the first
 * `STEP_LIMITS.shardsMax` that were tried from `fromNo` on, in order. Null while a step is not worth a run, and when there is nothing left.
 */
export function planStep(job: { fromNo: number; shardCount: number; isOver: boolean }, tried: readonly TriedShard[]): Step | null {
  const { fromNo, shardCount, isOver } = job;
  const gap = isOver ? -1 : tried.findIndex(({ no, verdict }, i) => no !== fromNo + i || verdict === "open");
  const step: Step = { toNo: fromNo, accepted: 0 };
  let bytes = 0;
  for (const { no, verdict, outputBytes } of gap < 0 ? tried : tried.slice(0, gap)) {
    if (step.accepted > 0 && bytes + outputBytes > STEP_LIMITS.bytesMax) return step;
    step.toNo = no + 1;
    if (verdict !== "accepted") continue;
    step.accepted += 1;
    bytes += outputBytes;
  }
  if (gap < 0 && tried.length >= STEP_LIMITS.shardsMax) return step;
  if (isOver) step.toNo = shardCount;
  return isLongEnough(step, job) ? step : null;
}

function isLongEnough({ toNo }: Step, { fromNo, shardCount }: { fromNo: number; shardCount: number }): boolean {
  return toNo > fromNo && (toNo === shardCount || toNo - fromNo >= Math.ceil(shardCount / STEP_LIMITS.partsMax));
}

/** Which kept results make room, by the shards up to which they go: each second one where there are too many, so that older ones lie further apart; never the last. */
export function dropSteps(toNos: readonly number[]): number[] {
  return toNos.length <= STEP_LIMITS.keptMax ? [] : toNos.filter((_, i) => (toNos.length - i) % 2 === 0);
}
