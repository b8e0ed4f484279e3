import fc from "fast-check";
import { expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import { rangeShardCount, shardRange } from "./range.ts";

const range = fc.record({
  mode: fc.constant("range" as const),
  from: fc.integer({ min: -500, max: 500 }),
  to: fc.integer({ min: -500, max: 500 }),
  step: fc.integer({ min: 1, max: 40 }),
  valuesPerShard: fc.integer({ min: 1, max: 40 }),
});

function valuesOf({ from, to, step }: { from: number; to: number; step: number }): number[] {
  const values = [];
  for (let value = from; value < to; value += step) values.push(value);
  return values;
}

test("the values of all shards are the values of the range, in order, and every shard but the last has valuesPerShard of them", () => {
  fc.assert(
    fc.property(range, (slicing) => {
      const shards = Array.from({ length: rangeShardCount(slicing) }, (_, no) => valuesOf(shardRange(slicing, no)));
      expect(shards.flat()).toEqual(valuesOf(slicing));
      for (const shard of shards.slice(0, -1)) expect(shard.length).toBe(slicing.valuesPerShard);
      for (const shard of shards) expect(shard.length).toBeGreaterThan(0);
    }),
    { numRuns: atSize(300, 6000) },
  );
});

test("a range that ends where it begins, or before, has no shard", () => {
  expect(rangeShardCount({ mode: "range", from: 5, to: 5, step: 1, valuesPerShard: 1 })).toBe(0);
  expect(rangeShardCount({ mode: "range", from: 5, to: -5, step: 1, valuesPerShard: 1 })).toBe(0);
});

test("the widest range is counted and cut without losing a digit", () => {
  const slicing = { mode: "range" as const, from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER, step: 3, valuesPerShard: 10_000_000 };
  const count = rangeShardCount(slicing);
  expect(BigInt(count)).toBe((2n * BigInt(Number.MAX_SAFE_INTEGER) + 29_999_999n) / 30_000_000n);
  expect(shardRange(slicing, 0).from).toBe(Number.MIN_SAFE_INTEGER);
  expect(BigInt(shardRange(slicing, 400_000_001).from)).toBe(BigInt(Number.MIN_SAFE_INTEGER) + 400_000_001n * 30_000_000n);
  expect(shardRange(slicing, count - 1).to).toBe(Number.MAX_SAFE_INTEGER);
});
