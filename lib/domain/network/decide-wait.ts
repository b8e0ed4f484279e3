/** Why a running job is not being computed: nobody is there; nobody but those who ran its shards already; all that is left is out. */
export const JOB_WAITS = ["no_device", "second_device", "all_granted"] as const;
export type JobWait = (typeof JOB_WAITS)[number];

type Standing = {
  /** Next number not yet granted, per pass; never rises from left to right. */
  heads: readonly number[];
  shardCount: number;
  /** Whether something irregular (a lost range, a further opinion) waits. */
  hasWanted: boolean;
};

/** Whether a device that has run nothing of the job yet would get shards of it now. */
export function isOffered({ heads, shardCount, hasWanted }: Standing): boolean {
  return hasWanted || heads.some((head) => head < shardCount);
}

/** Why the job waits; null while devices compute it and more can be granted. */
export function decideWait(job: Standing & { devices: number }): JobWait | null {
  if (!isOffered(job)) return "all_granted";
  if (job.devices > 0) return null;
  return (job.heads[0] ?? 0) >= job.shardCount ? "second_device" : "no_device";
}
