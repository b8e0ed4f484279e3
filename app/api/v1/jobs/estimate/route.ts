import { estimateJob } from "#lib/protocol/jobs/estimate.ts";
import { handle } from "#lib/server/http/handle.ts";
import { estimateJob as command } from "#lib/server/jobs/estimate/estimate-job.ts";

export const POST = handle(estimateJob, command);
