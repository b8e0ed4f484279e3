import { holdJob } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { holdJob as command } from "#lib/server/policy/hold-job.ts";

export const POST = handle(holdJob, command);
