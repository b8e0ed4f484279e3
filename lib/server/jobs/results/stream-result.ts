import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { OutputFormat } from "#lib/domain/job/job.ts";
import { createConcat, isJoinedAsIs } from "#lib/domain/reduce/concat.ts";
import type { Services } from "../../context.ts";
import { type OutputPage, readOutputPage } from "../results-store.ts";

/** Outputs in rows have 8 KiB at most, so that the first page has 4 MiB at most; the others have as many shards as fill this much. Larger ones are slower, because their bytes leave the processor's cache between one hand and the next, and hold more. */
const PAGE_BYTES = 64 * 1024;
const FIRST_PAGE_SHARDS = 512;
const PAGE_SHARDS_MAX = 16_384;
const PAGE_SHARDS_MIN = 16;
const WRITE_BYTES = 64 * 1024;
const DIGEST_BYTES = 32;

export type Streamed = {
  jobId: JobId;
  format: OutputFormat;
  shards: number;
  /** Where only final shards are asked for, the last closed window. */
  finalBefore: number | null;
};

/**
 * The outputs of accepted shards, joined in shard order, read page by page as the client takes them; while it takes one, the database makes the next. Ends after
 * `shards` of them, so that verdicts made meanwhile do not belie the header.
 */
export async function* streamResult(services: Services, result: Streamed): AsyncGenerator<Uint8Array> {
  const concat = createConcat(result.format);
  const read = async (after: number, limit: number) => {
    const page = await readOutputPage(services.db, result.jobId, { after, limit, finalBefore: result.finalBefore });
    if (!page) throw new Error(`job ${result.jobId} has fewer accepted shards than it counted`);
    return page;
  };
  let left = result.shards;
  let next = read(-1, Math.min(FIRST_PAGE_SHARDS, left));
  while (left > 0) {
    const page = await next;
    left -= page.lengths.length;
    if (left > 0) {
      next = read(page.lastNo, Math.min(shardsOfNext(page), left));
      // Whoever stops taking in between awaits it no more.
      next.catch(() => {});
    }
    yield* joinPage(services, page, { concat, isAsIs: isJoinedAsIs(result.format) });
  }
  yield* concat.end();
}

/** How many shards fill a page if they are as long as those of the last one. */
function shardsOfNext({ lengths, inline }: OutputPage): number {
  const bytesEach = Math.max(1, inline.length / lengths.length);
  return Math.min(PAGE_SHARDS_MAX, Math.max(PAGE_SHARDS_MIN, Math.floor(PAGE_BYTES / bytesEach)));
}

/** Gathers small outputs before they are passed on: handing each on by itself costs several times as much as copying it. */
async function* joinPage(
  { blobs }: Services,
  page: OutputPage,
  { concat, isAsIs }: { concat: ReturnType<typeof createConcat>; isAsIs: boolean },
): AsyncGenerator<Uint8Array> {
  if (isAsIs && page.digests.length === 0) {
    yield page.inline;
    return;
  }
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const hold = (parts: readonly Uint8Array[]) => {
    for (const part of parts) {
      held.push(part);
      heldBytes += part.length;
    }
  };
  const take = () => {
    const bytes = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return bytes;
  };
  let [at, artifacts] = [0, 0];
  for (const length of page.lengths) {
    if (length >= 0) {
      hold(concat.push(page.inline.subarray(at, at + length)));
      at += length;
    } else {
      yield take();
      const digest = page.digests.toString("hex", artifacts * DIGEST_BYTES, ++artifacts * DIGEST_BYTES);
      for await (const chunk of blobs.read(digest)) yield* concat.push(chunk);
    }
    hold(concat.endShard());
    if (heldBytes >= WRITE_BYTES) yield take();
  }
  if (heldBytes > 0) yield take();
}
