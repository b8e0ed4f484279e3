import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeOffsets } from "#lib/domain/slicing/offset-index.ts";
import { chunksOf } from "#lib/testing/submission.ts";
import type { BlobStore } from "./blob-store.ts";
import { openFileBlobStore } from "./file-blob-store.ts";
import { readOffsets } from "./shard-index.ts";

const SHARDS = 9000;
const offsets = Array.from({ length: SHARDS + 1 }, (_, i) => i * 7);
let folder: string;
let blobs: BlobStore;
let sha256: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-index-"));
  blobs = await openFileBlobStore(folder);
  const stored = await blobs.put(chunksOf(encodeOffsets(offsets)), { bytesMax: 1_000_000 });
  if (!stored.ok) throw new Error(stored.reason);
  sha256 = stored.sha256;
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  [0, 1],
  [4094, 4095],
  [4095, 4096],
  [4096, 4097],
  [0, SHARDS],
  [SHARDS - 1, SHARDS],
])("the offsets of shards %i to %i are one more than the shards", async (fromNo, toNo) => {
  expect(await readOffsets(blobs, sha256, fromNo, toNo)).toEqual(offsets.slice(fromNo, toNo + 1));
});

test("pages that were read before come from memory", async () => {
  const reads = { count: 0 };
  const counting: BlobStore = {
    ...blobs,
    readBytes(...of) {
      reads.count++;
      return blobs.readBytes(...of);
    },
  };
  const other = await blobs.put(chunksOf(encodeOffsets(offsets.map((offset) => offset + 1))), { bytesMax: 1_000_000 });
  if (!other.ok) throw new Error(other.reason);
  for (let i = 0; i < 5; i++) expect(await readOffsets(counting, other.sha256, 10, 11)).toEqual([71, 78]);
  expect(reads.count).toBe(1);
});

test("a range beyond the last shard is a fault, not a guess", async () => {
  await expect(readOffsets(blobs, sha256, SHARDS - 1, SHARDS + 1)).rejects.toThrow(RangeError);
});
