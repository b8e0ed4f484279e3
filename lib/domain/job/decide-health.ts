/** So many shards that all failed say that the program or its input is at fault, not a shard. */
const ALL_FAILED_MIN = 20;

export type Health = "going" | "complete" | "all_failed";

/** Whether a job goes on, is complete, or should stop itself because nothing but failures came of its first shards. */
export function decideHealth(counts: { accepted: number; failed: number; shardCount: number }): Health {
  const { accepted, failed, shardCount } = counts;
  if (accepted === 0 && failed >= Math.min(ALL_FAILED_MIN, shardCount)) return "all_failed";
  return accepted + failed >= shardCount ? "complete" : "going";
}
