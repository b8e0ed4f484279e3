import fc from "fast-check";
import { expect, test } from "vitest";
import { activeExecutors, advanceBudget, dutyOf, openBudget, untilShardMs } from "./cpu-budget.ts";

type Run = { cores: number; share: number; shardMs: number; seconds: number };

/** What share of the cores a device uses that runs shards whenever its budget lets it, stepped millisecond by millisecond. */
function simulate({ cores, share, shardMs, seconds }: Run): number {
  const rate = cores * share;
  const endsAtMs: (number | null)[] = new Array<null>(activeExecutors(cores, share)).fill(null);
  let budget = openBudget(0, 0);
  let spentMs = 0;
  for (let nowMs = 0; nowMs < seconds * 1000; nowMs++) {
    for (const [slot, endAtMs] of endsAtMs.entries()) {
      if (endAtMs !== null && nowMs < endAtMs) continue;
      endsAtMs[slot] = null;
      budget = advanceBudget(budget, { nowMs, spentMs, rate, expectedMs: shardMs });
      const aheadMs = endsAtMs.reduce<number>((sum, end) => sum + (end === null ? 0 : end - nowMs), 0);
      if (untilShardMs(budget, { aheadMs, expectedMs: shardMs, rate }) === 0) endsAtMs[slot] = nowMs + shardMs;
    }
    spentMs += endsAtMs.filter((end) => end !== null).length;
  }
  return spentMs / (seconds * 1000 * cores);
}

test("over a minute of one-second shards the share is held to five percent of the cores, whatever share of whatever cores", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 5, max: 100 }), fc.integer({ min: 200, max: 1200 }), (cores, percent, shardMs) => {
      const share = percent / 100;
      expect(Math.abs(simulate({ cores, share, shardMs, seconds: 60 }) - share)).toBeLessThanOrEqual(0.05);
    }),
    { numRuns: 60 },
  );
});

test("executors and their duty make up the share", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1024 }), fc.double({ min: 0.05, max: 1, noNaN: true }), (cores, share) => {
      const active = activeExecutors(cores, share);
      expect(active).toBeGreaterThanOrEqual(1);
      expect(active).toBeLessThanOrEqual(cores);
      expect(active * dutyOf(cores, share)).toBeCloseTo(cores * share, 6);
    }),
  );
});

test("an idle hour saves up two seconds, not an hour", () => {
  const rested = advanceBudget(openBudget(0, 0), { nowMs: 3_600_000, spentMs: 0, rate: 0.5, expectedMs: 100 });
  expect(rested.allowanceMs).toBe(1000);
});

test("a shard longer than all savings can begin after a rest", () => {
  const rested = advanceBudget(openBudget(0, 0), { nowMs: 3_600_000, spentMs: 0, rate: 0.5, expectedMs: 60_000 });
  expect(untilShardMs(rested, { aheadMs: 0, expectedMs: 60_000, rate: 0.5 })).toBe(0);
});

test("the first shard of a program, of which nothing is known, does not wait", () => {
  expect(untilShardMs(openBudget(0, 0), { aheadMs: 0, expectedMs: 0, rate: 0.05 })).toBe(0);
});
