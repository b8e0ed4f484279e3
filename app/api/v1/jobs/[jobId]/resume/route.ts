import { resumeJob } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { resumeJob as command } from "#lib/server/jobs/resume-job.ts";

export const POST = handle(resumeJob, command);
