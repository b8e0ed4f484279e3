import type { Job } from "#sdk/job.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";
import { readJobId } from "./watch.ts";

type Act = (job: Job, signal: AbortSignal) => Promise<{ publishedAt: string | null }>;

function changePublication(change: Act, said: string): Command {
  return async (args, terminal) => {
    const { values, named } = readOptions(args, { ...OWNER_OPTIONS, json: { type: "boolean" } }, ["JOB"]);
    const jobId = readJobId(named[0]);
    const shoal = await connectOwner(values, terminal);
    const { publishedAt } = await change(shoal.job(jobId), terminal.interrupt);
    const url = publishedAt === null ? null : `${shoal.url}/results/${jobId}`;
    if (values.json) terminal.print(JSON.stringify({ publishedAt, url }));
    else {
      terminal.tell(said);
      if (url !== null) terminal.print(url);
    }
    return 0;
  };
}

/** Gives a job a public page, and prints its address. */
export const publishJob = changePublication(
  (job, signal) => job.publish({ signal }),
  "Everybody can now read its result, by which digests it was computed, and how far it is verified. Program and input stay private; shoal unpublish takes the page back.",
);

/** Takes the public page of a job back. */
export const unpublishJob = changePublication((job, signal) => job.unpublish({ signal }), "The job has no public page.");
