import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { OutputFormat } from "#lib/domain/job/job.ts";
import { createConcat } from "#lib/domain/reduce/concat.ts";
import type { Services } from "../../context.ts";
import { type AcceptedOutput, listAcceptedOutputs } from "../results-store.ts";

/** Outputs in rows have 8 KiB at most, so that a page has 16 MiB. */
const PAGE_SHARDS = 2048;
const WRITE_BYTES = 64 * 1024;

export type Streamed = {
  jobId: JobId;
  format: OutputFormat;
  shards: number;
  /** Where only final shards are asked for, the last closed window. */
  finalBefore: number | null;
};

/**
 * The outputs of accepted shards, joined in shard order, read page by page as the client takes them. Ends after `shards` of them, so that verdicts made
 * meanwhile do not belie the header.
 */
export async function* streamResult(services: Services, result: Streamed): AsyncGenerator<Uint8Array> {
  const concat = createConcat(result.format);
  let after = -1;
  for (let left = result.shards; left > 0; ) {
    const page = await listAcceptedOutputs(services.db, result.jobId, { after, limit: Math.min(PAGE_SHARDS, left), finalBefore: result.finalBefore });
    const last = page.at(-1);
    if (!last) throw new Error(`job ${result.jobId} has fewer accepted shards than it counted`);
    yield* joinPage(services, page, concat);
    after = last.no;
    left -= page.length;
  }
  yield* concat.end();
}

/** Gathers small outputs before they are passed on: handing each on by itself costs several times as much as copying it. */
async function* joinPage({ blobs }: Services, page: readonly AcceptedOutput[], concat: ReturnType<typeof createConcat>): AsyncGenerator<Uint8Array> {
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
  for (const output of page) {
    if ("inline" in output) hold(concat.push(output.inline));
    else {
      yield take();
      for await (const chunk of blobs.read(output.artifact)) yield* concat.push(chunk);
    }
    hold(concat.endShard());
    if (heldBytes >= WRITE_BYTES) yield take();
  }
  if (heldBytes > 0) yield take();
}
