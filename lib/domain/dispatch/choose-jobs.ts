/** A running job as dispatch sees it. `heads` holds the next number of each pass, `wanted` the irregular replicas on offer. */
export type Choice = { heads: readonly number[]; shardCount: number; wanted: number };

/** Whether some replica of the job is still to be granted to somebody. */
export function hasReplicasLeft(job: Choice): boolean {
  return job.wanted > 0 || job.heads.some((head) => head < job.shardCount);
}

/**
 * Whether all that is held of a job is held by fewer devices than have to agree, while begun shards wait for another one. Those who hold it know its program
 * and would keep it to themselves, so that it came to no verdict before its last shard was begun.
 */
export function needsOthers({ heads, holders }: { heads: readonly number[]; holders: number }): boolean {
  return holders < heads.length && (heads[0] ?? 0) > (heads.at(-1) ?? 0);
}

/** How far ahead of the least served job one is served whose program the device already runs, in milliseconds of work over its share of one. */
const KNOWN_AHEAD_MS = 60_000;

/**
 * In which order a device is offered jobs: the least served first, but one that it already computes, or that needs other devices, before it unless that one is
 * ahead by more than a minute of its share, so that devices do not fetch and compile another program with every grant. With `leavesOwn` what the device knows
 * and what needs others comes last: every second time, so that devices in step do not meet the same jobs for ever and nothing waits for long.
 */
export function orderOffers<T extends { pass: number; isKnown: boolean; heads: readonly number[]; holders: number }>(
  jobs: readonly T[],
  { leavesOwn }: { leavesOwn: boolean },
): T[] {
  const least = Math.min(...jobs.map((job) => job.pass));
  const rank = (job: T): number => {
    const isNeeding = needsOthers(job);
    if (leavesOwn && isNeeding && job.isKnown) return 2;
    return (job.isKnown || isNeeding) && job.pass - least <= KNOWN_AHEAD_MS ? 0 : 1;
  };
  return [...jobs].sort((a, b) => rank(a) - rank(b) || a.pass - b.pass);
}
