import { JOB_STATES, type JobState } from "#lib/domain/job/job.ts";
import type { JobSummary } from "#lib/protocol/jobs/jobs.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readNumber, readOptions } from "../read-options.ts";
import { type Command, UsageError } from "../terminal.ts";

const LISTED_DEFAULT = 50;
const LIMIT_BOUNDS = { min: 1, max: 100_000 };

/** Lists the owner's jobs, newest first. */
export const listJobsCommand: Command = async (args, terminal) => {
  const options = { ...OWNER_OPTIONS, state: { type: "string" }, limit: { type: "string" }, json: { type: "boolean" } } as const;
  const { values } = readOptions(args, options);
  const limit = readNumber("limit", values.limit, LIMIT_BOUNDS) ?? LISTED_DEFAULT;
  const state = readState(values.state);
  const shoal = await connectOwner(values, terminal);
  let listed = 0;
  for await (const job of shoal.jobs({ signal: terminal.interrupt, ...(state ? { state } : {}) })) {
    terminal.print(values.json ? JSON.stringify(job) : lineOf(job));
    listed += 1;
    if (listed === limit) break;
  }
  if (listed === 0 && !values.json) terminal.tell("There are no such jobs. “shoal run” makes one.");
  return 0;
};

function readState(text: string | undefined): JobState | undefined {
  const state = JOB_STATES.find((known) => known === text);
  if (text !== undefined && !state) throw new UsageError(`--state must be one of ${JOB_STATES.join(", ")}, not “${text}”.`);
  return state;
}

function lineOf(job: JobSummary): string {
  const done = `${job.acceptedCount + job.failedCount}/${job.shardCount}`;
  return [job.id, job.state.padEnd(11), done.padStart(11), job.createdAt.slice(0, 16).replace("T", " "), job.name].join("  ");
}
