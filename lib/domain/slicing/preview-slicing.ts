import { JOB_LIMITS } from "../job/job.ts";
import { computedShardCount } from "./computed-shards.ts";
import { createSlicer } from "./create-slicer.ts";
import { shardValues } from "./shard-values.ts";
import { checkShardCount, refuseEmpty, refuseMalformed, refuseZip, type SliceRefusal } from "./slice-refusal.ts";
import { isComputed, type RecordSlicing, type Slicing } from "./slicing.ts";
import { type ByteSource, listZip, type ZipEntry } from "./zip/list-zip.ts";

const READ_BYTES = 1024 * 1024;

/** What one shard will get: values for its arguments; bytes `from` up to but without `to` of the input, after the input's first `headerBytes`; or a file of a zip. */
export type ShardPreview =
  | { no: number; kind: "values"; values: Record<string, string> }
  | { no: number; kind: "bytes"; from: number; to: number; headerBytes: number }
  | { no: number; kind: "file"; entry: ZipEntry };

export type SlicingPreview = { ok: true; shardCount: number; first: ShardPreview[] } | SliceRefusal;
export type PreviewOptions = { /** How many of the first shards are told apart. */ shardsMax: number; signal?: AbortSignal };

/**
 * What a submission is cut into: how many shards, and which the first are. Computed shards, blocks of bytes and the files of a zip cost the same however many
 * there are; an input of records is read once from beginning to end and never held. Says what the server refuses, in its own codes. Aborts by throwing.
 */
export async function previewSlicing(slicing: Slicing, input: ByteSource | null, options: PreviewOptions): Promise<SlicingPreview> {
  if (isComputed(slicing))
    return count(slicing, computedShardCount(slicing), { options, partOf: (no) => ({ no, kind: "values", values: shardValues(slicing, no, { bytes: 0 }) }) });
  if (!input) return refuseEmpty(slicing.mode);
  if (slicing.mode === "bytes") {
    const { bytesPerShard } = slicing;
    const partOf = (no: number) => blockOf(no, { bytesPerShard, bytes: input.bytes });
    return count(slicing, Math.ceil(input.bytes / bytesPerShard), { options, partOf });
  }
  if (slicing.mode !== "files") return await previewRecords(slicing, input, options);
  const listing = await listZip(input, JOB_LIMITS.inputBytesMax);
  if (!listing.ok) return refuseZip(listing.problem);
  return count(slicing, listing.entries.length, { options, partOf: (no) => ({ no, kind: "file", entry: listing.entries[no] as ZipEntry }) });
}

function count(slicing: Slicing, shards: number, { options, partOf }: { options: PreviewOptions; partOf(no: number): ShardPreview }): SlicingPreview {
  const counted = checkShardCount(slicing.mode, shards, JOB_LIMITS.shardsMax);
  if (!counted.ok) return counted;
  return { ...counted, first: Array.from({ length: Math.min(options.shardsMax, counted.shardCount) }, (_, no) => partOf(no)) };
}

function blockOf(no: number, { bytesPerShard, bytes }: { bytesPerShard: number; bytes: number }): ShardPreview {
  return { no, kind: "bytes", from: no * bytesPerShard, to: Math.min((no + 1) * bytesPerShard, bytes), headerBytes: 0 };
}

async function previewRecords(slicing: RecordSlicing, input: ByteSource, options: PreviewOptions): Promise<SlicingPreview> {
  const offsets: number[] = [];
  const slicer = createSlicer(slicing, (offset) => {
    if (offsets.length <= options.shardsMax) offsets.push(offset);
  });
  for (let at = 0; at < input.bytes; at += READ_BYTES) {
    options.signal?.throwIfAborted();
    const problem = slicer.push(await input.read(at, Math.min(at + READ_BYTES, input.bytes)));
    if (problem) return refuseMalformed(slicing.mode, problem);
  }
  options.signal?.throwIfAborted();
  const summary = slicer.end();
  if (!summary.ok) return refuseMalformed(slicing.mode, summary);
  const headerBytes = slicing.mode === "csv" ? (offsets[0] ?? 0) : 0;
  const partOf = (no: number): ShardPreview => ({ no, kind: "bytes", from: offsets[no] ?? 0, to: offsets[no + 1] ?? summary.bytes, headerBytes });
  return count(slicing, summary.shardCount, { options, partOf });
}
