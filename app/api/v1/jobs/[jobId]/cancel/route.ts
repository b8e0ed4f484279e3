import { cancelJob } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { cancelJob as command } from "#lib/server/jobs/cancel-job.ts";

export const POST = handle(cancelJob, command);
