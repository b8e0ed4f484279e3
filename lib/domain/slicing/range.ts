import type { Slicing } from "./slicing.ts";

export type RangeSlicing = Extract<Slicing, { mode: "range" }>;
/** The values of one shard: `from`, `from + step`, … below `to`. */
export type ShardRange = { from: number; to: number; step: number };

/** How many shards a range makes; 0 when it holds no value. Exact up to 2⁵³. */
export function rangeShardCount(slicing: RangeSlicing): number {
  const span = BigInt(slicing.to) - BigInt(slicing.from);
  if (span <= 0n) return 0;
  const values = ceilDivide(span, BigInt(slicing.step));
  return Number(ceilDivide(values, BigInt(slicing.valuesPerShard)));
}

/** The values of shard `no`. All ranges of a job together are the job's range, in order. */
export function shardRange(slicing: RangeSlicing, no: number): ShardRange {
  const { step, valuesPerShard } = slicing;
  // The width of a shard may leave what a number holds exactly, although its ends never do.
  const width = BigInt(valuesPerShard) * BigInt(step);
  const from = BigInt(slicing.from) + BigInt(no) * width;
  const to = from + width;
  return { from: Number(from), to: to < BigInt(slicing.to) ? Number(to) : slicing.to, step };
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
