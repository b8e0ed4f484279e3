import { createFastaSlicer } from "./fasta-slicer.ts";
import { createLinesSlicer } from "./lines-slicer.ts";
import type { OffsetSink, Slicer } from "./slicer.ts";
import type { Slicing } from "./slicing.ts";

export type InputSlicing = Exclude<Slicing, { mode: "range" }>;

/** The slicer of a mode that cuts an input. */
export function createSlicer(slicing: InputSlicing, onOffset: OffsetSink): Slicer {
  return slicing.mode === "fasta" ? createFastaSlicer(slicing.recordsPerShard, onOffset) : createLinesSlicer(slicing.linesPerShard, onOffset);
}

/** What a mode counts, for sentences: "The input holds no …". */
export function recordsWord(slicing: InputSlicing): string {
  return slicing.mode === "fasta" ? "FASTA records" : "lines";
}
