import { getJob } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getJob as command } from "#lib/server/jobs/get-job.ts";

export const GET = handle(getJob, command);
