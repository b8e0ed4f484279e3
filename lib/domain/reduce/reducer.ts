import type { Sha256 } from "../ids.ts";

export const REDUCER_KINDS = ["concat", "sum", "min", "max", "mean", "histogram", "top-k", "mosaic", "wasi"] as const;
export type ReducerKind = (typeof REDUCER_KINDS)[number];
/** What is computed from the numbers in all outputs. */
export type StatisticKind = "sum" | "min" | "max" | "mean";

export const TILE_PIXELS = ["grey8", "rgb8", "rgba8"] as const;
export type TilePixels = (typeof TILE_PIXELS)[number];
/** Samples of a pixel, one byte each. */
export const TILE_SAMPLES: Readonly<Record<TilePixels, 1 | 3 | 4>> = { grey8: 1, rgb8: 3, rgba8: 4 };
/** An output that is a picture: pixels row by row from the top, nothing before or after them. */
export type Tile = { width: number; height: number; pixels: TilePixels };

export const TOP_ORDERS = ["largest", "smallest"] as const;
export type TopOrder = (typeof TOP_ORDERS)[number];
type Field = { /** A column of csv, or the path of a member of json and ndjson, such as a.b; numbers of text and f32 have none. */ field?: string | undefined };

/** What a reducer of the owner's writes. */
export const REDUCED_FORMATS = ["bytes", "text", "csv", "ndjson", "json", "f32"] as const;
/** An owner's program that folds outputs; `Ref` is how its bytes are named. */
export type ProgramReducer<Ref = { sha256: Sha256 }> = { kind: "wasi"; artifact: Ref; args: string[]; format: (typeof REDUCED_FORMATS)[number] };

/** How accepted outputs become the result; what each does is in docs/guide/cut-an-input.md. `Ref` is how a program is named. */
export type Reducer<Ref = { sha256: Sha256 }> =
  | { kind: "concat" }
  | ({ kind: StatisticKind } & Field)
  | ({ kind: "histogram"; from: number; to: number; bins: number } & Field)
  | ({ kind: "top-k"; k: number; order: TopOrder } & Field)
  | { kind: "mosaic"; columns: number }
  | ProgramReducer<Ref>;

/** Reducers that fold numbers, and keep a state instead of the outputs. */
export type FoldReducer = Exclude<Reducer, { kind: "concat" | "mosaic" | "wasi" }>;

export const REDUCE_LIMITS = {
  /** An output whose numbers are read is held whole. */
  outputBytesMax: 4 * 1024 * 1024,
  binsMax: 10_000,
  kMax: 1000,
  rowCharsMax: 4096,
  tileSideMax: 4096,
  columnsMax: 10_000,
} as const;

/** Life of what an owner's program makes of outputs: `going` until all shards are in it or the job stopped itself, `done` then, and `going` again once one is corrected; `failed` when the program did. */
export const REDUCTION_STATES = ["going", "done", "failed"] as const;
export type ReductionState = (typeof REDUCTION_STATES)[number];

/** Whether the reducer folds numbers. */
export function isFold(reducer: Reducer<unknown>): reducer is FoldReducer {
  return reducer.kind !== "concat" && reducer.kind !== "mosaic" && reducer.kind !== "wasi";
}
