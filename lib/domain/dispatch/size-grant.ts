/** Timings of a job's program on a device below this count say little: the first runs compile. */
export const TIMINGS_TRUSTED_MIN = 5;

/** Longest a device may keep a grant even with heartbeats. */
const HARD_CAP_MS_MIN = 600_000;
const HARD_CAP_MS_MAX = 6 * 3_600_000;

/** `spread`: standard deviation of the logarithm of a shard's time on this device; absent where it is not known. */
export type Pace = { msPerShard: number; count: number; spread?: number | undefined } | null;

/** What a device says of its own spread counts up to here: a factor of 27 between its median and its slowest twentieth. */
export const SPREAD_MAX = 2;
/** Normal quantile of 95 %. */
const SLOWEST_TWENTIETH = 1.645;

/** How many shards of a job to hand out: one per core until the pace is known, then what fills `timeMs` on `cores`; at most `shardsMax`. */
export function sizeGrant(ask: { shardsMax: number; timeMs: number; cores: number; pace: Pace }): number {
  const { shardsMax, timeMs, cores, pace } = ask;
  if (shardsMax <= 0) return 0;
  if (!pace || pace.count < TIMINGS_TRUSTED_MIN) return Math.min(shardsMax, cores);
  const fitting = Math.floor((timeMs * cores) / Math.max(pace.msPerShard, 0.01));
  return Math.max(1, Math.min(shardsMax, fitting));
}

/** How long a device should take for a grant, by its own pace where that is known, by what the job's replicas took elsewhere where not. */
export function expectedMs(grant: { shards: number; cores: number; pace: Pace; meanMs: number }): number {
  const { shards, cores, pace, meanMs } = grant;
  const msPerShard = pace && pace.count >= TIMINGS_TRUSTED_MIN ? pace.msPerShard : meanMs;
  return Math.min(HARD_CAP_MS_MAX, Math.ceil(Math.ceil(shards / cores) * msPerShard));
}

/**
 * When a grant ends whatever its device says: four times what it takes in nineteen of twenty cases by the device's own pace and spread, at least ten minutes, at most six
 * hours. Where the pace is not known, and at most, a shard takes the job's limit.
 */
export function hardCapMs(grant: { shards: number; cores: number; timeMsMax: number; pace: Pace }): number {
  const { shards, cores, timeMsMax, pace } = grant;
  const isKnown = pace !== null && pace.count >= TIMINGS_TRUSTED_MIN;
  const slowestMs = isKnown ? pace.msPerShard * Math.exp(SLOWEST_TWENTIETH * Math.min(SPREAD_MAX, pace.spread ?? 0)) : timeMsMax;
  const grantMs = Math.ceil(shards / cores) * Math.min(slowestMs, timeMsMax);
  return Math.min(HARD_CAP_MS_MAX, Math.max(HARD_CAP_MS_MIN, Math.ceil(4 * grantMs)));
}
