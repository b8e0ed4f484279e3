import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { createSlicer } from "#lib/domain/slicing/create-slicer.ts";
import { createOffsetBuffer, OFFSET_BYTES } from "#lib/domain/slicing/offset-index.ts";
import { refuseEmpty, refuseMalformed } from "#lib/domain/slicing/slice-refusal.ts";
import type { SliceSummary } from "#lib/domain/slicing/slicer.ts";
import type { RecordSlicing } from "#lib/domain/slicing/slicing.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";
import { sliceError } from "./cut.ts";

/** The largest input is cut in well under a minute; whatever takes longer holds up others. */
const SLICE_MS_MAX = 120_000;

export type SlicedInput = { shardCount: number; index: { sha256: Sha256; bytes: number } };

/**
 * Cuts an input of the store into shards and stores their offsets as an index, both streamed. Throws `input_malformed` with the line, `input_empty`
 * or `shards_too_many`; nothing is stored then.
 */
export async function sliceInput(blobs: BlobStore, input: { sha256: Sha256; slicing: RecordSlicing }): Promise<SlicedInput> {
  const { slicing } = input;
  const cut = { summary: null as SliceSummary | null };
  const stored = await blobs.put(indexOf(blobs, input, cut), { bytesMax: (JOB_LIMITS.shardsMax + 1) * OFFSET_BYTES });
  if (!stored.ok) throw new ApiError("shards_too_many", { count: `more than ${JOB_LIMITS.shardsMax}`, limit: JOB_LIMITS.shardsMax });
  if (!cut.summary?.ok) throw new Error("an index was stored for an input that was not cut");
  return { shardCount: cut.summary.shardCount, index: { sha256: stored.sha256, bytes: stored.bytes } };

  async function* indexOf(source: BlobStore, from: { sha256: Sha256 }, result: { summary: SliceSummary | null }): AsyncGenerator<Uint8Array> {
    const offsets = createOffsetBuffer();
    const slicer = createSlicer(slicing, offsets.push);
    const deadline = performance.now() + SLICE_MS_MAX;
    for await (const chunk of source.read(from.sha256)) {
      const problem = slicer.push(chunk);
      if (problem) throw sliceError(refuseMalformed(slicing.mode, problem));
      if (performance.now() > deadline)
        throw new ApiError("unavailable", { problem: "cutting the input took too long; try again when the instance is less busy" });
      yield offsets.take();
    }
    result.summary = slicer.end();
    if (!result.summary.ok) throw sliceError(refuseMalformed(slicing.mode, result.summary));
    if (result.summary.records === 0) throw sliceError(refuseEmpty(slicing.mode));
    yield offsets.take();
  }
}
