import { setTimeout as sleep } from "node:timers/promises";
import type { OutputFormat } from "#lib/domain/job/job.ts";
import { createConcat } from "#lib/domain/reduce/concat.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { JobEndedError } from "#sdk/errors.ts";
import type { Job } from "#sdk/job.ts";
import { EXIT } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { createProgressView, paceOf } from "./progress.ts";
import { writeResult } from "./result-sink.ts";

type Follow = { terminal: Terminal; out: string | undefined; isJson: boolean; only?: "final" | undefined };
/** How the outputs of a job become its result. */
export type Reduced = { format: OutputFormat; reducer: string };

/**
 * Follows a job that was submitted: progress for people, the result for standard output or a file. Where outputs are joined in order, each is written as
 * soon as it is accepted; any other result is fetched at the end. The exit code.
 */
export async function followJob(job: Job, reduced: Reduced, follow: Follow): Promise<number> {
  const { terminal, out, only } = follow;
  const stopped = new AbortController();
  const signal = AbortSignal.any([terminal.interrupt, stopped.signal]);
  const watching = watch(job, { ...follow, signal });
  try {
    if (reduced.reducer === "concat") await writeResult(joined(job, { format: reduced.format, signal, only }), { out, terminal });
    const last = await watching;
    if (reduced.reducer !== "concat" && last.acceptedCount > 0) await writeResult((await job.download({ signal, only })).body, { out, terminal });
    return exitCodeOf(last, terminal);
  } catch (error) {
    if (!(error instanceof JobEndedError)) throw error;
    return exitCodeOf(await watching, terminal);
  } finally {
    stopped.abort();
    await watching.catch(() => {});
  }
}

/** Shows a job's progress until it ends; the last view. */
export async function watch(job: Job, { terminal, isJson, signal, only }: Omit<Follow, "out"> & { signal: AbortSignal }): Promise<JobView> {
  const view = createProgressView(terminal, { isJson });
  try {
    let last: JobView | undefined;
    for await (const seen of job.watch({ signal, until: only })) {
      view.show(paceOf(seen));
      last = seen;
    }
    return last ?? (await job.view({ signal }));
  } finally {
    view.end();
  }
}

/** What the end of a job means for the caller of the command. */
export function exitCodeOf({ id, acceptedCount, failedCount, shardCount }: JobView, terminal: Terminal): number {
  if (acceptedCount === shardCount) return EXIT.done;
  terminal.tell(`${acceptedCount} of ${shardCount} shards were accepted${failedCount > 0 ? `, ${failedCount} failed. “shoal failures ${id}” says how` : ""}.`);
  return EXIT.incomplete;
}

async function* joined(
  job: Job,
  { format, signal, only }: { format: OutputFormat; signal: AbortSignal; only: "final" | undefined },
): AsyncGenerator<Uint8Array> {
  const concat = createConcat(format);
  for await (const result of job.results({ signal, only })) {
    if (!result.ok) continue;
    yield* concat.push(result.bytes);
    yield* concat.endShard();
    // Lets the progress be drawn between outputs that are all here already.
    await sleep(0);
  }
  yield* concat.end();
}
