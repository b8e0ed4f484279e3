import { gridShardCount } from "./grid.ts";
import { rangeShardCount } from "./range.ts";
import type { ComputedSlicing } from "./slicing.ts";

/** How many shards a way of slicing without input makes, in constant time and memory; 0 for a range that holds no value. */
export function computedShardCount(slicing: ComputedSlicing): number {
  if (slicing.mode === "range") return rangeShardCount(slicing);
  return slicing.mode === "grid" ? gridShardCount(slicing.axes) : slicing.runs;
}
