/** A running job as dispatch sees it. `heads` holds the next number of each pass, `wanted` the irregular replicas on offer. */
export type Choice = { heads: readonly number[]; shardCount: number; wanted: number };

/** Whether some replica of the job is still to be granted to somebody. */
export function hasReplicasLeft(job: Choice): boolean {
  return job.wanted > 0 || job.heads.some((head) => head < job.shardCount);
}

/** Up to `jobsMax` jobs that have replicas left, in random order, so that every job gets an equal share of the askers. `random` gives numbers in [0, 1). */
export function chooseJobs<T extends Choice>(jobs: readonly T[], jobsMax: number, random: () => number): T[] {
  const left = jobs.filter(hasReplicasLeft);
  const chosen: T[] = [];
  while (chosen.length < jobsMax && left.length > 0) {
    const at = Math.floor(random() * left.length);
    const last = left.pop() as T;
    if (at < left.length) {
      chosen.push(left[at] as T);
      left[at] = last;
    } else chosen.push(last);
  }
  return chosen;
}
