import { getJobTrust } from "#lib/protocol/jobs/trust.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getJobTrust as command } from "#lib/server/trust/get-job-trust.ts";

export const GET = handle(getJobTrust, command);
