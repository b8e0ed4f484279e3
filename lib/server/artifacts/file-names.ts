import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import { OFFSET_BYTES } from "#lib/domain/slicing/offset-index.ts";
import type { BlobStore } from "./blob-store.ts";
import { readOffsets } from "./shard-index.ts";

/**
 * The names of the files that shards `fromNo` to `toNo` (exclusive) are. The index of a zip holds, after the n + 1 offsets of its shards, n + 1 offsets of their
 * names, and then the names themselves, in UTF-8.
 */
export async function readFileNames(
  blobs: BlobStore,
  index: { sha256: Sha256; shardCount: number },
  { fromNo, toNo }: { fromNo: number; toNo: number },
): Promise<string[]> {
  const tableNos = index.shardCount + 1;
  const namesAt = 2 * tableNos * OFFSET_BYTES;
  const offsets = await readOffsets(blobs, index.sha256, tableNos + fromNo, tableNos + toNo);
  const [start = 0] = offsets;
  const bytes = await blobs.readBytes(index.sha256, { start: namesAt + start, end: namesAt + (offsets.at(-1) ?? start) });
  return offsets.slice(1).map((end, i) => new TextDecoder().decode(bytes.subarray((offsets[i] ?? 0) - start, end - start)));
}
