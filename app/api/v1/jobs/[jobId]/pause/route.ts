import { pauseJob } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { pauseJob as command } from "#lib/server/jobs/pause-job.ts";

export const POST = handle(pauseJob, command);
