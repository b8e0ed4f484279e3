import { setTimeout as sleep } from "node:timers/promises";
import type { JobId } from "#lib/domain/ids.ts";
import { isId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { getJob, type JobView } from "#lib/protocol/jobs/jobs.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import { type Command, UsageError } from "../terminal.ts";

const POLL_EVERY_MS = 1000;

/** Follows a job until it ends: 0 when every shard was accepted, 1 otherwise. */
export const watchJob: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, OWNER_OPTIONS, ["JOB"]);
  const jobId = readJobId(named[0]);
  const api = connectOwner(values, terminal);
  let told = "";
  for (;;) {
    const job = await api.call(getJob, { jobId }, { signal: terminal.interrupt });
    const line = progressLine(job);
    if (terminal.isInteractive) terminal.draw(line);
    else if (line !== told) terminal.tell(line);
    told = line;
    if (!isOpen(job.state)) {
      if (terminal.isInteractive) terminal.tell("");
      return job.state === "final" && job.failedCount === 0 ? 0 : 1;
    }
    await sleep(POLL_EVERY_MS, undefined, { signal: terminal.interrupt });
  }
};

/** The id of a job as it was typed. */
export function readJobId(text: string | undefined): JobId {
  if (text === undefined || !isId("job", text)) throw new UsageError(`“${text}” is not the id of a job; one looks like job_ and 32 hexadecimal digits.`);
  return text;
}

/** One line on how far a job is, with its rate and the time left where they are known. */
export function progressLine(job: JobView): string {
  const done = job.acceptedCount + job.failedCount;
  const parts = [`${job.name}: ${done} of ${job.shardCount} shards (${Math.floor((100 * done) / Math.max(1, job.shardCount))} %)`];
  if (job.failedCount > 0) parts.push(`${job.failedCount} failed`);
  return [...parts, ...(isOpen(job.state) ? describePace(job) : [describeEnd(job)])].join(" · ");
}

function describePace({ state, progress: { shardsPerSecond, secondsLeft, devices } }: JobView): string[] {
  const parts = state === "running" ? [] : [state === "paused" ? "paused" : "needs funds"];
  parts.push(`${shardsPerSecond.toFixed(shardsPerSecond < 10 ? 1 : 0)} shards/s`);
  if (secondsLeft !== null) parts.push(`${describeSeconds(secondsLeft)} left`);
  return [...parts, `${devices} ${devices === 1 ? "device" : "devices"}`];
}

function describeEnd({ state, reason }: JobView): string {
  if (state === "final") return "done";
  return reason ? `${state}: ${reason.message}` : state;
}

function describeSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
