import { sleep, withRetries } from "#lib/client/api/retry.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { getJob } from "#lib/protocol/jobs/jobs.ts";
import { getOutput, listOutputs, type ShardOutput } from "#lib/protocol/jobs/outputs.ts";
import type { Connection } from "./connection.ts";
import { JobEndedError } from "./errors.ts";

const PAGE_SHARDS = 200;
const POLL_EVERY_MS = 500;

/** What a shard came to. One that is not `final` can be used and may still be revoked and computed again. */
export type ShardResult =
  | { no: number; ok: true; final: boolean; bytes: Uint8Array<ArrayBuffer>; text(): string; json(): unknown }
  | { no: number; ok: false; final: boolean; reason: { code: string; message: string } | null };

export type FollowOptions = {
  signal?: AbortSignal | undefined;
  /** The first shard wanted; earlier ones are not read. */
  from?: number;
  /** Waits with each shard until its verdict never changes. */
  only?: "final" | undefined;
  /** Pause between two looks. */
  everyMs?: number;
};

/** Results of a job in shard order; see `Job.results`. */
export async function* followOutputs(
  connection: Connection,
  jobId: JobId,
  { signal, from = 0, only, everyMs = POLL_EVERY_MS }: FollowOptions,
): AsyncGenerator<ShardResult, void> {
  let next = from;
  let hasGap = false;
  for (;;) {
    const job = await withRetries(() => connection.api.call(getJob, { jobId }, { signal }), signal);
    const hasEnded = !isOpen(job.state);
    for await (const output of listFrom(connection, { jobId, after: next - 1, signal })) {
      hasGap ||= output.no !== next || (only === "final" && !output.final);
      // While the job runs a gap will be filled; once it has ended nothing will.
      if (hasGap && !hasEnded) break;
      yield await withRetries(() => toResult(connection, { jobId, output, signal }), signal);
      next = output.no + 1;
    }
    if (next >= job.shardCount && !hasGap) return;
    if (hasEnded) throw new JobEndedError(job);
    hasGap = false;
    await sleep(everyMs, signal);
  }
}

type Range = { jobId: JobId; after: number; signal: AbortSignal | undefined };

/** Shards with a verdict, in order, page by page as they are taken. */
async function* listFrom({ api }: Connection, { jobId, after, signal }: Range): AsyncGenerator<ShardOutput, void> {
  let last: number | null = after;
  while (last !== null) {
    const from: number = last;
    const { outputs, next } = await withRetries(() => api.call(listOutputs, { jobId, after: from, limit: PAGE_SHARDS }, { signal }), signal);
    yield* outputs;
    last = next;
  }
}

async function toResult(
  { api }: Connection,
  { jobId, output, signal }: { jobId: JobId; output: ShardOutput; signal: AbortSignal | undefined },
): Promise<ShardResult> {
  const { no, verdict, final, reason } = output;
  if (verdict === "failed") return { no, ok: false, final, reason };
  const bytes =
    output.output === null
      ? new Uint8Array(await (await api.open(getOutput, { jobId, no }, { signal })).arrayBuffer())
      : Uint8Array.from(atob(output.output), (char) => char.charCodeAt(0));
  const text = () => new TextDecoder().decode(bytes);
  return { no, ok: true, final, bytes, text, json: () => JSON.parse(text()) as unknown };
}
