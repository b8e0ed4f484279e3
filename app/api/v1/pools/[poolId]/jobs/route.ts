import { listPoolJobs } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listPoolJobs as command } from "#lib/server/pools/list-pool-jobs.ts";

export const GET = handle(listPoolJobs, command);
