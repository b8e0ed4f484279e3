import { listShards } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listShards as command } from "#lib/server/shards/list-shards.ts";

export const GET = handle(listShards, command);
