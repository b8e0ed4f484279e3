/** A running job as dispatch sees it. `heads` holds the next number of each pass, `wanted` the irregular replicas on offer. */
export type Choice = { heads: readonly number[]; shardCount: number; wanted: number };

/** Whether some replica of the job is still to be granted to somebody. */
export function hasReplicasLeft(job: Choice): boolean {
  return job.wanted > 0 || job.heads.some((head) => head < job.shardCount);
}

/** How far ahead of the least served job one is served whose program the device already runs, in milliseconds of work over its share of one. */
const KNOWN_AHEAD_MS = 60_000;

/**
 * In which order a device is offered jobs: the least served first, but one that it already computes before it unless that one is ahead by more than a minute
 * of its share, so that devices do not fetch and compile another program with every grant.
 */
export function orderOffers<T extends { pass: number; isKnown: boolean }>(jobs: readonly T[]): T[] {
  const least = Math.min(...jobs.map((job) => job.pass));
  const rank = (job: T): number => (job.isKnown && job.pass - least <= KNOWN_AHEAD_MS ? 0 : 1);
  return [...jobs].sort((a, b) => rank(a) - rank(b) || a.pass - b.pass);
}
