import { getJobMap } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getJobMap as command } from "#lib/server/shards/get-job-map.ts";

export const GET = handle(getJobMap, command);
