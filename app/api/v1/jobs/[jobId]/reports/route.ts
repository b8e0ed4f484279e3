import { reportJob } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { reportJob as report } from "#lib/server/policy/report-job.ts";

export const POST = handle(reportJob, report);
