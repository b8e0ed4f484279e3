import type { OutputFormat } from "../job/job.ts";
import { createHistogramFold } from "./histogram-fold.ts";
import type { FoldReducer } from "./reducer.ts";
import { createStatisticFold } from "./statistic-fold.ts";
import { createTopFold } from "./top-fold.ts";
import { createVectorFold } from "./vector-fold.ts";

/** A result, and what it is. */
export type Folded = { bytes: Uint8Array; format: "json" | "csv" | "ndjson" | "text" | "f64" };

/**
 * Folds outputs into a state of bounded size. States merge, so that outputs can be folded block by block, each block once, and the blocks joined later; a result
 * depends on the blocks and their order alone, never on when an output came.
 */
export interface Fold {
  add(no: number, output: Uint8Array): void;
  /** Takes in what `save` of another fold gave. */
  merge(state: Uint8Array): void;
  save(): Uint8Array;
  result(): Folded;
}

/** An empty fold of a reducer over outputs of a format; with f32, statistics are taken element by element. */
export function createFold(reducer: FoldReducer, format: OutputFormat): Fold {
  if (reducer.kind === "histogram") return createHistogramFold(reducer, format);
  if (reducer.kind === "top-k") return createTopFold(reducer, format);
  return format === "f32" ? createVectorFold(reducer.kind) : createStatisticFold({ ...reducer, kind: reducer.kind }, format);
}

/** Shards of one block; blocks lie at multiples of it. */
export const BLOCK_SHARDS = 1024;
