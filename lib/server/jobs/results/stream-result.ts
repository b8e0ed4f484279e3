import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { OutputFormat } from "#lib/domain/job/job.ts";
import { createConcat } from "#lib/domain/reduce/concat.ts";
import type { Services } from "../../context.ts";
import { joinAcceptedOutputs, listAcceptedOutputs } from "../results-store.ts";

const PAGE_SHARDS = 256;
/** Of outputs that follow each other as they are the database makes larger pages; each of them has 8 KiB at most. */
const JOINED_SHARDS = 2048;
const PLAIN_FORMATS: readonly OutputFormat[] = ["bytes", "text", "f32", "tile"];

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
  const isPlain = PLAIN_FORMATS.includes(result.format);
  let after = -1;
  for (let left = result.shards; left > 0; ) {
    const page = { after, left, finalBefore: result.finalBefore };
    const read = (isPlain ? await readJoined(services, result.jobId, page) : null) ?? (yield* readOneByOne(services, result.jobId, { ...page, concat }));
    if (read.count === 0) throw new Error(`job ${result.jobId} has fewer accepted shards than it counted`);
    if (read.bytes) yield read.bytes;
    after = read.lastNo;
    left -= read.count;
  }
  yield* concat.end();
}

type Page = { after: number; left: number; finalBefore: number | null };
type Read = { count: number; lastNo: number; bytes?: Uint8Array };

async function readJoined({ db }: Services, jobId: JobId, { after, left, finalBefore }: Page): Promise<Read | null> {
  return await joinAcceptedOutputs(db, jobId, { after, limit: Math.min(JOINED_SHARDS, left), finalBefore });
}

async function* readOneByOne(
  { db, blobs }: Services,
  jobId: JobId,
  { after, left, finalBefore, concat }: Page & { concat: ReturnType<typeof createConcat> },
): AsyncGenerator<Uint8Array, Read> {
  const page = await listAcceptedOutputs(db, jobId, { after, limit: Math.min(PAGE_SHARDS, left), finalBefore });
  for (const output of page) {
    if ("inline" in output) yield* concat.push(output.inline);
    else for await (const chunk of blobs.read(output.artifact)) yield* concat.push(chunk);
    yield* concat.endShard();
  }
  return { count: page.length, lastNo: page.at(-1)?.no ?? after };
}
