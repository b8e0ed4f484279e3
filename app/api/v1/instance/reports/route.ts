import { listReports } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listReports as list } from "#lib/server/policy/report-job.ts";

export const GET = handle(listReports, list);
