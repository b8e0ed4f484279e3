import "server-only";
import { isOpen, type OutputFormat } from "#lib/domain/job/job.ts";
import { isFold } from "#lib/domain/reduce/reducer.ts";
import { ASSURANCE } from "#lib/domain/trust/assurance.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getResults as getResultsEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { UNTRUSTED_BYTES_HEADERS } from "../artifacts/untrusted-bytes-headers.ts";
import type { Context, Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { requireAccount } from "../principal.ts";
import { getReduced } from "../reduction/get-reduced.ts";
import { getClosedWindow } from "../shards/shard-read-store.ts";
import { getCounters } from "../shards/shard-store.ts";
import { getOwnJob } from "./get-job.ts";
import type { Job } from "./job-store.ts";
import { type FoldScope, foldResult } from "./results/fold-result.ts";
import { streamMosaic } from "./results/mosaic-result.ts";
import { streamResult } from "./results/stream-result.ts";
import { countFinalAccepted, noteDownload } from "./results-store.ts";
import { refuseEnded } from "./retention/refuse-ended.ts";

type Endpoint = typeof getResultsEndpoint;

const WRITE_BYTES = 64 * 1024;

const FORMATS: Record<OutputFormat | "f64" | "png", { type: string; extension: string }> = {
  bytes: { type: "application/octet-stream", extension: "bin" },
  text: { type: "text/plain; charset=utf-8", extension: "txt" },
  csv: { type: "text/csv; charset=utf-8", extension: "csv" },
  ndjson: { type: "application/x-ndjson", extension: "ndjson" },
  json: { type: "application/json", extension: "json" },
  f32: { type: "application/octet-stream", extension: "f32" },
  f64: { type: "application/octet-stream", extension: "f64" },
  tile: { type: "application/octet-stream", extension: "bin" },
  png: { type: "image/png", extension: "png" },
};

/**
 * The result of the account's job as one file, streamed in shard order from what is accepted now, or final now; the header `x-shoal-shards` says how many of
 * how many shards it holds, `x-shoal-final` how many of them are final. A result that is taken back meanwhile breaks the download off. Throws `result_not_ready` before the first accepted shard, `result_gone` once results have ended, `conflict` if the job ended without one,
 * `result_not_reduced` and `reducer_failed` where a reducer of the owner's has not made one.
 */
export async function getResults(ctx: Context, input: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const job = await getOwnJob(ctx, accountId, input.jobId);
  const answer = await answerResult(ctx, job, input);
  // What the owner has downloaded is told apart from what was corrected afterwards.
  if (ASSURANCE[job.spec.verification.assurance].hasHold) await transaction(ctx.db, (tx) => noteDownload(tx, job.id, ctx.clock.now()), "relaxed");
  return answer;
}

/** The result of a job as `getResults` answers it; the caller has found out that somebody may read it. */
export async function answerResult(ctx: Services, job: Job, input: Pick<InputOf<Endpoint>, "only" | "as">): Promise<ByteAnswer> {
  refuseEnded(ctx, job);
  const [{ accepted }, closedWindowNo] = await Promise.all([getCounters(ctx.db, job.id), getClosedWindow(ctx.db, job.spec.verification.assurance)]);
  const isHeld = ASSURANCE[job.spec.verification.assurance].hasHold;
  const final = isHeld ? await countFinalAccepted(ctx.db, job.id, closedWindowNo) : accepted;
  const shards = input.only === "final" ? final : accepted;
  if (shards === 0) {
    if (isOpen(job.state)) throw new ApiError("result_not_ready");
    throw new ApiError("conflict", { problem: "the job ended without an accepted shard, so there is no result" });
  }
  const scope = { closedWindowNo, finalBefore: input.only === "final" ? closedWindowNo : null };
  const result = await reduceResult(ctx, input.as === "outputs" ? joinedOnly(job) : job, { ...scope, shards });
  const { type, extension } = FORMATS[result.format];
  return {
    status: 200,
    headers: {
      ...UNTRUSTED_BYTES_HEADERS,
      "cache-control": "private, no-store",
      "content-disposition": `attachment; filename="${resultFileName(job.spec.name, extension)}"`,
      "content-type": type,
      "x-shoal-shards": `${result.shards}/${job.shardCount}`,
      "x-shoal-final": String(final),
    },
    body: inLargeWrites(result.body),
  };
}

type Reduced = { format: keyof typeof FORMATS; shards: number; body: AsyncIterable<Uint8Array> };

/** The result as the job's reducer makes it of so many shards; a reducer of numbers says how many of them it has read. */
async function reduceResult(services: Services, job: Job, scope: FoldScope & { shards: number }): Promise<Reduced> {
  const { reducer, output } = job.spec;
  const { shards, finalBefore } = scope;
  if (isFold(reducer)) {
    const { folded, shards: read } = await foldResult(services, { ...job, reducer }, scope);
    return { format: folded.format, shards: read, body: once(folded.bytes) };
  }
  if (reducer.kind === "mosaic" && output.tile) {
    const mosaic = { columns: reducer.columns, tile: output.tile, finalBefore };
    return { format: "png", shards, body: streamMosaic(services, job, mosaic) };
  }
  if (reducer.kind === "wasi") {
    const { state, shards: read } = await getReduced(services, job.id, scope);
    return { format: reducer.format, shards: read, body: once(state) };
  }
  return { format: output.format, shards, body: streamResult(services, { jobId: job.id, format: output.format, shards, finalBefore }) };
}

/** The job as if its reducer joined outputs. */
function joinedOnly(job: Job): Job {
  return { ...job, spec: { ...job.spec, reducer: { kind: "concat" } } };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A file name that no file system or header takes for anything else. */
export function resultFileName(jobName: string, extension: string): string {
  const safe = jobName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 80);
  return `${safe === "" ? "result" : safe}.${extension}`;
}

/** Gathers small parts, because each write to a socket costs more than copying them. */
async function* inLargeWrites(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const part of parts) {
    if (held.length === 0 && part.length >= WRITE_BYTES) {
      yield part;
      continue;
    }
    held.push(part);
    heldBytes += part.length;
    if (heldBytes < WRITE_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    heldBytes = 0;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
