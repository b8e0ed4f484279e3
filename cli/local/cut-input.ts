import { openAsBlob } from "node:fs";
import { resolve } from "node:path";
import { createSlicer, recordsWord } from "#lib/domain/slicing/create-slicer.ts";
import { rangeShardCount } from "#lib/domain/slicing/range.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { LocalJob } from "../job/read-job-file.ts";

/** The shards of a job on this machine: how many, and what each reads on stdin. */
export type CutInput = { shardCount: number; read(no: number): Promise<Uint8Array<ArrayBuffer>> };

/** Cuts a job's input as an instance would, reading it once and holding only where shards begin. Refuses in the instance's own words. */
export async function cutInput({ job, folder }: LocalJob): Promise<CutInput> {
  const { slicing, input } = job;
  if (slicing.mode === "range") return { shardCount: rangeShardCount(slicing), read: async () => new Uint8Array() };
  if (!input || !("path" in input)) throw new ApiError("input_needed", { mode: slicing.mode, problem: "needs an input in a file of this machine" });
  const file = await openAsBlob(resolve(folder, input.path));
  const offsets: number[] = [];
  const slicer = createSlicer(slicing, (offset) => offsets.push(offset));
  for await (const chunk of file.stream()) {
    const problem = slicer.push(chunk);
    if (problem) throw new ApiError("input_malformed", { format: slicing.mode, ...problem });
  }
  const summary = slicer.end();
  if (!summary.ok) throw new ApiError("input_malformed", { format: slicing.mode, line: summary.line, problem: summary.problem });
  if (summary.records === 0) throw new ApiError("input_empty", { records: recordsWord(slicing) });
  return { shardCount: summary.shardCount, read: async (no) => new Uint8Array(await file.slice(offsets[no], offsets[no + 1]).arrayBuffer()) };
}
