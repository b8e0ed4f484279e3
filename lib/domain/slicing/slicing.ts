import type { GridAxis } from "./grid.ts";

export const CSV_DELIMITERS = [",", ";", "\t"] as const;
export type CsvDelimiter = (typeof CSV_DELIMITERS)[number];

export type Slicing =
  | { mode: "bytes"; bytesPerShard: number }
  | { mode: "csv"; recordsPerShard: number; delimiter: CsvDelimiter }
  | { mode: "fasta"; recordsPerShard: number }
  | { mode: "files" }
  | { mode: "grid"; axes: GridAxis[] }
  | { mode: "lines"; linesPerShard: number }
  | { mode: "ndjson"; recordsPerShard: number }
  | { mode: "range"; from: number; to: number; step: number; valuesPerShard: number }
  | { mode: "repeat"; runs: number };

export const SLICING_MODES = ["lines", "csv", "ndjson", "fasta", "bytes", "files", "range", "grid", "repeat"] as const;
export type SlicingMode = (typeof SLICING_MODES)[number];

/** Ways of slicing that compute their shards and take no input. */
export type ComputedSlicing = Extract<Slicing, { mode: "range" | "grid" | "repeat" }>;
/** Ways of slicing that read the input to find where records end. */
export type RecordSlicing = Extract<Slicing, { mode: "csv" | "fasta" | "lines" | "ndjson" }>;

/** Whether the shards are computed, so that a job takes no input. */
export function isComputed(slicing: Slicing): slicing is ComputedSlicing {
  return !needsInput(slicing.mode);
}

/** Whether the mode cuts an input. */
export function needsInput(mode: SlicingMode): boolean {
  return mode !== "range" && mode !== "grid" && mode !== "repeat";
}
