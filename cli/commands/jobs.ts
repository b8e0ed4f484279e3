import { listJobs } from "#lib/protocol/jobs/jobs.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";

const LISTED_MAX = 50;

/** Lists the owner's jobs, newest first. */
export const listJobsCommand: Command = async (args, terminal) => {
  const { values } = readOptions(args, OWNER_OPTIONS);
  const { jobs } = await connectOwner(values, terminal).call(listJobs, { limit: LISTED_MAX }, { signal: terminal.interrupt });
  if (jobs.length === 0) terminal.tell("You have no jobs yet. “shoal submit FILE.json” makes one.");
  for (const job of jobs) {
    const done = `${job.acceptedCount + job.failedCount}/${job.shardCount}`;
    terminal.print([job.id, job.state.padEnd(11), done.padStart(11), job.createdAt.slice(0, 16).replace("T", " "), job.name].join("  "));
  }
  return 0;
};
