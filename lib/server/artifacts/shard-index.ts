import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import { decodeOffsets, OFFSET_BYTES } from "#lib/domain/slicing/offset-index.ts";
import type { BlobStore } from "./blob-store.ts";

const PAGE_OFFSETS = 4096;
const PAGE_BYTES = PAGE_OFFSETS * OFFSET_BYTES;
const CACHE_BYTES_MAX = 16 * 1024 * 1024;

/** Pages of indexes, least recently used first. An index never changes, so that a page is right for as long as it is kept. */
const pages = new Map<string, Uint8Array>();
let cachedBytes = 0;

/**
 * Where shards `fromNo` to `toNo` (exclusive) lie in their job's input: `toNo − fromNo + 1` byte offsets out of the index artifact.
 * Throws if the index is not in the store or is shorter.
 */
export async function readOffsets(blobs: BlobStore, indexSha256: Sha256, fromNo: number, toNo: number): Promise<number[]> {
  const offsets: number[] = [];
  for (let pageNo = Math.floor(fromNo / PAGE_OFFSETS); pageNo * PAGE_OFFSETS <= toNo; pageNo++) {
    const page = await readPage(blobs, indexSha256, pageNo);
    const first = Math.max(fromNo - pageNo * PAGE_OFFSETS, 0);
    const end = Math.min(toNo + 1 - pageNo * PAGE_OFFSETS, PAGE_OFFSETS);
    offsets.push(...decodeOffsets(page.subarray(first * OFFSET_BYTES, end * OFFSET_BYTES)));
  }
  if (offsets.length !== toNo - fromNo + 1) throw new RangeError(`index ${indexSha256} ends before shard ${toNo}`);
  return offsets;
}

async function readPage(blobs: BlobStore, sha256: Sha256, pageNo: number): Promise<Uint8Array> {
  const key = `${sha256}:${pageNo}`;
  const cached = pages.get(key);
  if (cached) {
    pages.delete(key);
    pages.set(key, cached);
    return cached;
  }
  const page = await blobs.readBytes(sha256, { start: pageNo * PAGE_BYTES, end: (pageNo + 1) * PAGE_BYTES });
  keepPage(key, page);
  return page;
}

function keepPage(key: string, page: Uint8Array): void {
  cachedBytes += page.length - (pages.get(key)?.length ?? 0);
  pages.set(key, page);
  for (const [oldest, bytes] of pages) {
    if (cachedBytes <= CACHE_BYTES_MAX) return;
    pages.delete(oldest);
    cachedBytes -= bytes.length;
  }
}
