import type { SliceProblem } from "./slicer.ts";
import type { SlicingMode } from "./slicing.ts";

/** Why nothing can be cut, as a code of the protocol's error table with its parameters. */
export type SliceRefusal =
  | { ok: false; code: "bad_request"; params: { field: string; problem: string } }
  | { ok: false; code: "input_empty"; params: { records: string } }
  | { ok: false; code: "input_malformed"; params: { format: string; line: number; problem: string } }
  | { ok: false; code: "zip_refused"; params: { problem: string } }
  | { ok: false; code: "shards_too_many"; params: { count: number; limit: number } };

const FORMATS: Partial<Record<SlicingMode, string>> = { fasta: "FASTA", csv: "CSV", ndjson: "NDJSON" };
const RECORDS: Partial<Record<SlicingMode, string>> = {
  fasta: "FASTA records",
  csv: "rows below its header",
  ndjson: "JSON documents",
  lines: "lines",
  bytes: "bytes",
  files: "files",
};

export function refuseMalformed(mode: SlicingMode, { line, problem }: SliceProblem): SliceRefusal {
  return { ok: false, code: "input_malformed", params: { format: FORMATS[mode] ?? "text", line, problem } };
}

export function refuseEmpty(mode: SlicingMode): SliceRefusal {
  return { ok: false, code: "input_empty", params: { records: RECORDS[mode] ?? "records" } };
}

export function refuseZip(problem: string): SliceRefusal {
  return { ok: false, code: "zip_refused", params: { problem } };
}

/** How many shards that makes, unless it is none or more than an instance accepts. */
export function checkShardCount(mode: SlicingMode, count: number, limit: number): { ok: true; shardCount: number } | SliceRefusal {
  if (count === 0 && mode === "range")
    return { ok: false, code: "bad_request", params: { field: "slicing.to", problem: "must be above slicing.from, for there would be no shard" } };
  if (count === 0) return refuseEmpty(mode);
  return count > limit ? { ok: false, code: "shards_too_many", params: { count, limit } } : { ok: true, shardCount: count };
}
