import { createJob, listJobs } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { createJob as create } from "#lib/server/jobs/create-job.ts";
import { listJobs as list } from "#lib/server/jobs/list-jobs.ts";

export const GET = handle(listJobs, list);
export const POST = handle(createJob, create);
