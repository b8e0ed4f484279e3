import { getSubmission } from "#lib/protocol/jobs/insight.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getSubmission as command } from "#lib/server/jobs/insight/get-submission.ts";

export const GET = handle(getSubmission, command);
