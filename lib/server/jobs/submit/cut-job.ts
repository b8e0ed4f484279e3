import "server-only";
import { JOB_LIMITS, type JobSpec } from "#lib/domain/job/job.ts";
import { computedShardCount } from "#lib/domain/slicing/computed-shards.ts";
import { checkShardCount } from "#lib/domain/slicing/slice-refusal.ts";
import { isComputed } from "#lib/domain/slicing/slicing.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";
import { type Cut, sliceError } from "./cut.ts";
import { sliceInput } from "./slice-input.ts";
import { unpackInput } from "./unpack-input.ts";

/** Cuts a submission into shards, its input streamed. Throws what slicing refuses, with the line or the field; nothing is stored then. */
export async function cutJob(blobs: BlobStore, { slicing, input }: JobSpec): Promise<Cut> {
  if (isComputed(slicing)) return computed(checkShardCount(slicing.mode, computedShardCount(slicing), JOB_LIMITS.shardsMax));
  if (!input) throw new ApiError("input_needed", { mode: slicing.mode, problem: "needs an input" });
  if (slicing.mode === "bytes") {
    const bytes = (await blobs.size(input.sha256)) ?? 0;
    return computed(checkShardCount("bytes", Math.ceil(bytes / slicing.bytesPerShard), JOB_LIMITS.shardsMax));
  }
  if (slicing.mode === "files") return await unpackInput(blobs, input.sha256);
  return { ...(await sliceInput(blobs, { sha256: input.sha256, slicing })), unpacked: null };
}

function computed(counted: ReturnType<typeof checkShardCount>): Cut {
  if (!counted.ok) throw sliceError(counted);
  return { shardCount: counted.shardCount, index: null, unpacked: null };
}
