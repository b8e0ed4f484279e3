export type Slicing =
  | { mode: "fasta"; recordsPerShard: number }
  | { mode: "lines"; linesPerShard: number }
  | { mode: "range"; from: number; to: number; step: number; valuesPerShard: number };

export const SLICING_MODES = ["fasta", "lines", "range"] as const;
export type SlicingMode = (typeof SLICING_MODES)[number];

/** Whether the mode cuts an input; `range` computes its shards and takes none. */
export function needsInput(mode: SlicingMode): boolean {
  return mode !== "range";
}
