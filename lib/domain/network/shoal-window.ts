/** How many shards of one job are shown in public, and of how many jobs. */
export const WINDOW_SHARDS_MAX = 240;
export const WINDOW_JOBS_MAX = 5;

/** The part of a job where it is being computed: as many shards before the last pass's head as fit, and what lies ahead of it. */
export function shoalWindow({ heads, shardCount }: { heads: readonly number[]; shardCount: number }): { fromNo: number; toNo: number } {
  const decidedUpTo = Math.min(shardCount, ...heads);
  const fromNo = Math.max(0, Math.min(decidedUpTo - WINDOW_SHARDS_MAX / 2, shardCount - WINDOW_SHARDS_MAX));
  return { fromNo, toNo: Math.min(shardCount, fromNo + WINDOW_SHARDS_MAX) };
}
