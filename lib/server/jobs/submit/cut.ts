import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { SliceRefusal } from "#lib/domain/slicing/slice-refusal.ts";
import { ApiError } from "#lib/protocol/errors.ts";

export type StoredBytes = { sha256: Sha256; bytes: number };
/** How many shards a job has; where they lie, unless that is computed; and in what, unless it is the input itself. */
export type Cut = { shardCount: number; index: StoredBytes | null; unpacked: StoredBytes | null };

/** A refusal as the error that travels. */
export function sliceError({ code, params }: SliceRefusal): ApiError {
  return new ApiError(code, params);
}
