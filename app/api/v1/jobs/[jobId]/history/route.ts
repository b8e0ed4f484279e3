import { getJobHistory } from "#lib/protocol/jobs/insight.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getJobHistory as command } from "#lib/server/jobs/insight/get-job-history.ts";

export const GET = handle(getJobHistory, command);
