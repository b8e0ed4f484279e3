import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { encodeOffsets } from "#lib/domain/slicing/offset-index.ts";
import { checkShardCount, refuseZip } from "#lib/domain/slicing/slice-refusal.ts";
import { type ByteSource, listZip, type ZipEntry } from "#lib/domain/slicing/zip/list-zip.ts";
import { unpackEntry, ZipDamagedError } from "#lib/domain/slicing/zip/unpack-zip.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";
import { type Cut, type StoredBytes, sliceError } from "./cut.ts";

/** Inflating two gigabytes takes less; whatever takes longer holds up others. */
const UNPACK_MS_MAX = 120_000;

/**
 * Unpacks a zip into one artifact, file after file in the order of their names, streamed, with an index of where each lies and what it is called. Throws
 * `zip_refused` for what is no plain zip of plain files, `input_empty` without files; nothing is stored then.
 */
export async function unpackInput(blobs: BlobStore, sha256: Sha256): Promise<Cut> {
  const source = await sourceOf(blobs, sha256);
  const listing = await listZip(source, JOB_LIMITS.inputBytesMax);
  if (!listing.ok) throw sliceError(refuseZip(listing.problem));
  const counted = checkShardCount("files", listing.entries.length, JOB_LIMITS.shardsMax);
  if (!counted.ok) throw sliceError(counted);
  const unpacked = await store(blobs, unpackAll(source, listing.entries), JOB_LIMITS.inputBytesMax);
  const index = indexOf(listing.entries);
  return { shardCount: counted.shardCount, unpacked, index: await store(blobs, once(index), index.length) };
}

async function sourceOf(blobs: BlobStore, sha256: Sha256): Promise<ByteSource> {
  const bytes = (await blobs.size(sha256)) ?? 0;
  return { bytes, read: (start, end) => blobs.readBytes(sha256, { start, end }) };
}

async function* unpackAll(source: ByteSource, entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  const deadline = performance.now() + UNPACK_MS_MAX;
  for (const entry of entries) {
    for await (const part of unpackEntry(source, entry)) {
      if (performance.now() > deadline)
        throw new ApiError("unavailable", { problem: "unpacking the input took too long; try again when the instance is less busy" });
      yield part;
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function store(blobs: BlobStore, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredBytes> {
  try {
    const stored = await blobs.put(bytes, { bytesMax });
    if (!stored.ok) throw sliceError(refuseZip(`it unpacks to more than ${bytesMax} bytes`));
    return { sha256: stored.sha256, bytes: stored.bytes };
  } catch (error) {
    if (error instanceof ZipDamagedError) throw sliceError(refuseZip(error.message));
    throw error;
  }
}

function indexOf(entries: readonly ZipEntry[]): Uint8Array {
  const names = entries.map((entry) => new TextEncoder().encode(entry.name));
  const places = encodeOffsets(runningSums(entries.map((entry) => entry.bytes)));
  const namePlaces = encodeOffsets(runningSums(names.map((name) => name.length)));
  return Buffer.concat([places, namePlaces, ...names]);
}

/** 0 and each sum of the first numbers. */
function runningSums(numbers: readonly number[]): number[] {
  const sums = [0];
  for (const number of numbers) sums.push((sums.at(-1) ?? 0) + number);
  return sums;
}
