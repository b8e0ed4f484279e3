/** So many shards that all failed say that the program or its input is at fault, not a shard. */
const ALL_FAILED_MIN = 20;

export type Health = "going" | "computed" | "final" | "all_failed";

/** Whether a job goes on, has a verdict for every shard, has only verdicts that never change, or should stop itself because nothing but failures came of its first shards. */
export function decideHealth(counts: { accepted: number; failed: number; final: number; shardCount: number }): Health {
  const { accepted, failed, final, shardCount } = counts;
  if (accepted === 0 && failed >= Math.min(ALL_FAILED_MIN, shardCount)) return "all_failed";
  if (accepted + failed < shardCount) return "going";
  return final >= shardCount ? "final" : "computed";
}
