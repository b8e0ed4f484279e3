/** A shard that somebody computes while nothing else is left to give out. */
export type Outstanding = {
  /** Clusters that hold or held a copy. */
  clusterIds: readonly string[];
  /** Copies beyond the first. */
  extraCopies: number;
  /** Since the holder that is expected to be done first began. */
  elapsedMs: number;
  /** What that holder was expected to take in all, in the median. */
  expectedMs: number;
};

/** Who asks, and how long it would take for one such shard. */
export type Idle = { clusterId: string; sessionMs: number; expectedMs: number };

const EXTRA_COPIES_MAX = 4;
const SESSION_MS_MIN = 20_000;
/** A copy is worth its cost when it is expected to end the shard sooner by this share of its own time. */
const GAIN_SHARE_MIN = 0.2;
const OVERDUE_MS_MIN = 5000;

/** What is left of a shard for its holder, in milliseconds: the rest of what was expected, and half of what has passed once it is overdue. */
export function remainingMs(shard: Pick<Outstanding, "elapsedMs" | "expectedMs">): number {
  const left = shard.expectedMs - shard.elapsedMs;
  return left > 0 ? left : Math.max(OVERDUE_MS_MIN, shard.elapsedMs / 2);
}

/**
 * Which outstanding shard an idle device copies in a job's tail: the one that its copy shortens most, if by more than a fifth of its own time; null for none.
 * Only a session older than 20 s, of a cluster that has no copy, at most four extra copies of a shard. `copiesLeft` is what the job's cap still allows.
 */
export function chooseSpeculation(device: Idle, shards: readonly Outstanding[], copiesLeft: number): number | null {
  if (device.sessionMs < SESSION_MS_MIN || copiesLeft <= 0) return null;
  let best: number | null = null;
  let bestGain = GAIN_SHARE_MIN * device.expectedMs;
  for (const [at, shard] of shards.entries()) {
    const gain = remainingMs(shard) - device.expectedMs;
    if (gain <= bestGain || shard.extraCopies >= EXTRA_COPIES_MAX || shard.clusterIds.includes(device.clusterId)) continue;
    best = at;
    bestGain = gain;
  }
  return best;
}

/** Extra copies a job may have in all: 5 % of its shards, at least one. */
export function copiesMax(shardCount: number): number {
  return Math.max(1, Math.floor(shardCount / 20));
}

/** The part of a grant that a copy takes: its last numbers, for the holder works from the first; at most half of what is not reported, at least one. */
export function partToCopy(grant: { fromNo: number; toNo: number; reported: number }, shardsMax: number): { fromNo: number; toNo: number } {
  const left = grant.toNo - grant.fromNo - grant.reported;
  const shards = Math.max(1, Math.min(shardsMax, Math.ceil(left / 2)));
  return { fromNo: grant.toNo - shards, toNo: grant.toNo };
}
