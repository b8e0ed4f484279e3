import { lengthOf, type Range, without } from "./ranges.ts";

/** How many ranges at the head of a pass may be put aside for others when the asker may not take them. */
export const SKIPS_MAX = 8;

export type TakeRequest = {
  /** Next number not yet granted, per pass; never rises from left to right. */
  heads: readonly number[];
  shardCount: number;
  /** What the asker holds or has reported, anywhere at or after the head of a later pass. */
  conflicts: readonly Range[];
  shardsMax: number;
  /** Whether the asker may take first replicas; a trusted device may not, so that it stays an independent second. */
  mayTakeFirst: boolean;
};

export type TakePlan = {
  takes: Range[];
  /** Ranges the pass goes past; each has to be asked for separately, from somebody else. */
  skipped: Range[];
  heads: number[];
  /** Why less than asked was taken. */
  short: "second_device" | "all_granted" | null;
};

/**
 * Plans which numbers an asker takes from the cursors of a job: later passes first, so that begun shards come to a verdict, then the first pass.
 *
 * Guarantees: a pass never overtakes the one before it; no number at a conflict is taken; every number a head moves past is in `takes` or `skipped`,
 * exactly once for each pass; ranges are put aside only when the first pass has nothing left, and at most SKIPS_MAX of them.
 */
export function planTake(request: TakeRequest): TakePlan {
  const heads = [...request.heads];
  const plan: TakePlan = { takes: [], skipped: [], heads, short: null };
  let left = request.shardsMax;
  for (let pass = heads.length - 1; pass >= 1 && left > 0; pass--) left -= takePrefix(plan, pass, left, request.conflicts);
  if (left > 0 && request.mayTakeFirst) left -= takeFirst(plan, left, request.shardCount);
  const firstIsDone = !request.mayTakeFirst || (heads[0] ?? 0) >= request.shardCount;
  for (let pass = heads.length - 1; pass >= 1 && left > 0 && firstIsDone && plan.takes.length === 0; pass--)
    left -= takeSkipping(plan, pass, left, request.conflicts);
  if (left > 0) plan.short = heads.every((head) => head >= request.shardCount) ? "all_granted" : "second_device";
  return plan;
}

function takeFirst(plan: TakePlan, shardsMax: number, shardCount: number): number {
  const fromNo = plan.heads[0] ?? 0;
  const toNo = Math.min(fromNo + shardsMax, shardCount);
  return advance(plan, 0, { fromNo, toNo }, true);
}

/** Takes from the head of a later pass up to the first conflict. */
function takePrefix(plan: TakePlan, pass: number, shardsMax: number, conflicts: readonly Range[]): number {
  const fromNo = plan.heads[pass] ?? 0;
  const room: Range = { fromNo, toNo: Math.min(fromNo + shardsMax, plan.heads[pass - 1] ?? 0) };
  if (lengthOf(room) <= 0) return 0;
  const taken = mine(plan, conflicts);
  const [free] = without(room, taken);
  if (!free || free.fromNo !== fromNo) return 0;
  return advance(plan, pass, free, true);
}

/** Puts conflicting ranges at the head aside and takes the first free one behind them; moves nothing if there is none. */
function takeSkipping(plan: TakePlan, pass: number, shardsMax: number, conflicts: readonly Range[]): number {
  const taken = mine(plan, conflicts);
  const headBefore = plan.heads[pass] ?? 0;
  const skippedBefore = plan.skipped.length;
  for (let skips = 0; skips < SKIPS_MAX; skips++) {
    const fromNo = plan.heads[pass] ?? 0;
    const limit = plan.heads[pass - 1] ?? 0;
    if (fromNo >= limit) break;
    const room: Range = { fromNo, toNo: Math.min(fromNo + shardsMax, limit) };
    const [free] = without(room, taken);
    if (free?.fromNo === fromNo) return advance(plan, pass, free, true);
    const aside: Range = { fromNo, toNo: free ? free.fromNo : room.toNo };
    advance(plan, pass, aside, false);
  }
  plan.heads[pass] = headBefore;
  plan.skipped.length = skippedBefore;
  return 0;
}

function mine(plan: TakePlan, conflicts: readonly Range[]): Range[] {
  return [...conflicts, ...plan.takes];
}

function advance(plan: TakePlan, pass: number, range: Range, isTaken: boolean): number {
  if (lengthOf(range) <= 0) return 0;
  plan.heads[pass] = range.toNo;
  (isTaken ? plan.takes : plan.skipped).push(range);
  return isTaken ? lengthOf(range) : 0;
}
