/*
 * How a device keeps to a share of its processor: programs that can rest inside shards do so for the part of the time that is not theirs, and before others a
 * device rests between shards.
 *
 * The allowance grows with time and shrinks with every processor millisecond that was spent. A shard begins when the allowance covers half of it, counting
 * what the running shards still have before them: so what was spent swings around what was allowed by half a shard instead of being ahead of it by one.
 */

/** Allowance in processor milliseconds; negative is a debt. `spentMs` is the reading of the processor clock it was computed from. */
export type CpuBudget = { allowanceMs: number; atMs: number; spentMs: number };

/** Allowance that a device without shards saves up at most, in seconds of its rate: it must not pay for an idle hour with a busy one. */
const SAVED_S_MAX = 2;

/** How many executors run at a time for a share of so many cores; the rest of the share is reached by rests. */
export function activeExecutors(cores: number, share: number): number {
  return Math.min(cores, Math.max(1, Math.ceil(cores * share - 1e-9)));
}

/** What part of the time each of the active executors computes. */
export function dutyOf(cores: number, share: number): number {
  return Math.min(1, (cores * share) / activeExecutors(cores, share));
}

export function openBudget(nowMs: number, spentMs: number): CpuBudget {
  return { allowanceMs: 0, atMs: nowMs, spentMs };
}

/** The budget at a later moment. `rate` is processor milliseconds per millisecond: cores × share. `expectedMs` is how long a shard takes. */
export function advanceBudget(budget: CpuBudget, now: { nowMs: number; spentMs: number; rate: number; expectedMs: number }): CpuBudget {
  const earnedMs = Math.max(0, now.nowMs - budget.atMs) * now.rate;
  const allowanceMs = budget.allowanceMs + earnedMs - Math.max(0, now.spentMs - budget.spentMs);
  const savedMsMax = Math.max(SAVED_S_MAX * 1000 * now.rate, now.expectedMs);
  return { allowanceMs: Math.min(savedMsMax, allowanceMs), atMs: now.nowMs, spentMs: now.spentMs };
}

/** Milliseconds until a shard of `expectedMs` may begin; 0 is now. `aheadMs` is what the running shards still have before them. */
export function untilShardMs(budget: CpuBudget, shard: { aheadMs: number; expectedMs: number; rate: number }): number {
  const missingMs = shard.aheadMs + shard.expectedMs / 2 - budget.allowanceMs;
  return missingMs <= 0 ? 0 : Math.ceil(missingMs / shard.rate);
}

/** In what time what was spent too much or too little is made up for. */
const CORRECTION_MS = 5000;
const DUTY_MIN = 0.01;

/** What part of its time each of the active executors computes, when they can rest inside shards: its duty, and what is missing or was too much of it. */
export function correctedDuty(budget: CpuBudget, plan: { duty: number; active: number }): number {
  const correction = budget.allowanceMs / (CORRECTION_MS * plan.active);
  return Math.min(1, Math.max(DUTY_MIN, plan.duty + correction));
}
