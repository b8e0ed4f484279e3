import { mkdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "#lib/client/api/api.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { getJob, getResults, type JobView } from "#lib/protocol/jobs/jobs.ts";

const POLL_MS = 1000;
const OPEN: readonly JobView["state"][] = ["running", "paused", "needs_funds"];

/** Polls a job until it ends, handing every state of it to `onProgress`. */
export async function followJob(api: Api, jobId: JobId, onProgress: (job: JobView) => void): Promise<JobView> {
  for (;;) {
    const job = await api.call(getJob, { jobId });
    onProgress(job);
    if (!OPEN.includes(job.state)) return job;
    await sleep(POLL_MS);
  }
}

/** Streams a job's result into a file of the folder and returns its path. */
export async function saveResult(api: Api, job: JobView, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${job.id}.${job.format === "csv" ? "csv" : "out"}`);
  const response = await api.open(getResults, { jobId: job.id });
  const file = await open(path, "w");
  try {
    for await (const chunk of response.body ?? []) await file.write(chunk);
  } finally {
    await file.close();
  }
  return path;
}

/** The first lines of a text file, each cut to the width of a terminal. */
export function topOf(path: string, lines: number, width: number): string {
  return readFileSync(path, "utf8")
    .split("\n", lines)
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join("\n");
}
