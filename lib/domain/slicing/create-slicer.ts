import { createCsvSlicer } from "./csv-slicer.ts";
import { createFastaSlicer } from "./fasta-slicer.ts";
import { createLinesSlicer } from "./lines-slicer.ts";
import { createNdjsonSlicer } from "./ndjson-slicer.ts";
import type { OffsetSink, Slicer } from "./slicer.ts";
import type { RecordSlicing } from "./slicing.ts";

/** The slicer of a mode that finds records in an input. */
export function createSlicer(slicing: RecordSlicing, onOffset: OffsetSink): Slicer {
  switch (slicing.mode) {
    case "csv":
      return createCsvSlicer(slicing, onOffset);
    case "fasta":
      return createFastaSlicer(slicing.recordsPerShard, onOffset);
    case "ndjson":
      return createNdjsonSlicer(slicing.recordsPerShard, onOffset);
    case "lines":
      return createLinesSlicer(slicing.linesPerShard, onOffset);
  }
}
