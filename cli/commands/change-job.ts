import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Job } from "#sdk/job.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { paceOf, progressLine } from "../job/progress.ts";
import { readOptions, readTotal } from "../read-options.ts";
import type { Command } from "../terminal.ts";
import { readJobId } from "./watch.ts";

function changeJob(change: (job: Job, signal: AbortSignal) => Promise<JobView>, said: (view: JobView) => string): Command {
  return async (args, terminal) => {
    const { values, named } = readOptions(args, { ...OWNER_OPTIONS, json: { type: "boolean" } }, ["JOB"]);
    const jobId = readJobId(named[0]);
    const view = await change((await connectOwner(values, terminal)).job(jobId), terminal.interrupt);
    if (values.json) terminal.print(JSON.stringify(view));
    else terminal.tell(said(view));
    return 0;
  };
}

const line = (view: JobView): string => progressLine(paceOf(view));

/** Stops new grants of a job. */
export const pauseJob = changeJob((job, signal) => job.pause({ signal }), line);

/** Grants a paused job's shards again. */
export const resumeJob = changeJob((job, signal) => job.resume({ signal }), line);

/** Ends a job for good, and says what came back. */
export const cancelJob = changeJob(
  (job, signal) => job.cancel({ signal }),
  (view) => `${line(view)}. ${view.money.returnedMicro} µ${view.price.asset} came back; what was accepted can still be read.`,
);

/** Computes the failed shards of an ended job again, and says what is reserved in all. */
export const rerunFailed = changeJob((job, signal) => job.rerunFailed({ signal }), reserved);

/** Reserves more for an open job, up to a total; one that waits for funds goes on. */
export const raiseBudget: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, { ...OWNER_OPTIONS, total: { type: "string" }, json: { type: "boolean" } }, ["JOB"]);
  const jobId = readJobId(named[0]);
  const reservedMicro = readTotal(values.total, "what the job is to have reserved, what it spent included");
  const view = await (await connectOwner(values, terminal)).job(jobId).raiseBudget({ reservedMicro }, { signal: terminal.interrupt });
  if (values.json) terminal.print(JSON.stringify(view));
  else terminal.tell(reserved(view));
  return 0;
};

function reserved(view: JobView): string {
  return `${line(view)}. ${view.money.reservedMicro} µ${view.price.asset} are reserved in all; shoal cancel returns what is not spent.`;
}
