/** Timings of a job's program on a device below this count say little: the first runs compile. */
export const TIMINGS_TRUSTED_MIN = 5;

/** Longest a device may keep a grant even with heartbeats. */
const HARD_CAP_MS_MIN = 600_000;
const HARD_CAP_MS_MAX = 6 * 3_600_000;

export type Pace = { msPerShard: number; count: number } | null;

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

/** When a grant ends whatever its device says: four times what it should take, at least ten minutes, at most six hours. */
export function hardCapMs(grant: { shards: number; cores: number; timeMsMax: number; pace: Pace }): number {
  const msPerShard = grant.pace && grant.pace.count >= TIMINGS_TRUSTED_MIN ? Math.min(grant.pace.msPerShard, grant.timeMsMax) : grant.timeMsMax;
  const expectedMs = Math.ceil(grant.shards / grant.cores) * msPerShard;
  return Math.min(HARD_CAP_MS_MAX, Math.max(HARD_CAP_MS_MIN, Math.ceil(4 * expectedMs)));
}
