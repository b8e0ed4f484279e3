import { listInstanceJobs } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listInstanceJobs as command } from "#lib/server/operations/list-instance-jobs.ts";

export const GET = handle(listInstanceJobs, command);
