/*
 * A device that is too hot slows itself down. No platform tells a page its temperature, but the same program taking much longer than it did tells enough.
 * Shards differ, so one slow shard says nothing: only a mean that stays far above the best mean of the same job counts.
 *
 * | state   | factor | leaves to, when                                                        |
 * |---------|--------|------------------------------------------------------------------------|
 * | cool    | 1      | slowed: the mean is SLOW_RATIO × the best one for SLOW_FOR_MS          |
 * | slowed  | 0.5    | cool: after REST_MS; what is measured then is the new best             |
 */

export const SLOWED_FACTOR = 0.5;
const SLOW_RATIO = 1.6;
const SLOW_FOR_MS = 30_000;
const REST_MS = 120_000;
/** Timings of a job before its mean says anything. */
const TIMINGS_MIN = 12;
const JOBS_MAX = 16;

/** `bestMs` per job is its best mean so far; `slowSinceMs` when it began to be slow; `restsUntilMs` while the device is slowed. */
export type Heat = { bestMs: ReadonlyMap<string, number>; slowSinceMs: number | null; restsUntilMs: number | null };

export const COOL: Heat = { bestMs: new Map(), slowSinceMs: null, restsUntilMs: null };

/** By what the share of the processor is multiplied. */
export function heatFactor(heat: Heat): number {
  return heat.restsUntilMs === null ? 1 : SLOWED_FACTOR;
}

/** Learns the mean time of a job's shards after one more of them, `count` being how many it is made of. */
export function noteMean(heat: Heat, mean: { jobId: string; msPerShard: number; count: number; nowMs: number }): Heat {
  const { jobId, msPerShard, count, nowMs } = mean;
  if (heat.restsUntilMs !== null || count < TIMINGS_MIN) return heat;
  const best = heat.bestMs.get(jobId);
  if (best === undefined || msPerShard < best) return { bestMs: withBest(heat.bestMs, jobId, msPerShard), slowSinceMs: null, restsUntilMs: null };
  if (msPerShard < best * SLOW_RATIO) return { ...heat, slowSinceMs: null };
  const slowSinceMs = heat.slowSinceMs ?? nowMs;
  return nowMs - slowSinceMs < SLOW_FOR_MS ? { ...heat, slowSinceMs } : { ...heat, slowSinceMs, restsUntilMs: nowMs + REST_MS };
}

/** Ends a rest whose time has come; what was the best before is forgotten, so that shards that merely became longer slow nothing down twice. */
export function coolDown(heat: Heat, nowMs: number): Heat {
  return heat.restsUntilMs !== null && nowMs >= heat.restsUntilMs ? COOL : heat;
}

function withBest(known: ReadonlyMap<string, number>, jobId: string, msPerShard: number): ReadonlyMap<string, number> {
  const others = [...known].filter(([id]) => id !== jobId);
  return new Map([...others.slice(1 - JOBS_MAX), [jobId, msPerShard]]);
}
