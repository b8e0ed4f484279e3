import { listOutputs } from "#lib/protocol/jobs/outputs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listOutputs as command } from "#lib/server/shards/list-outputs.ts";

export const GET = handle(listOutputs, command);
