import { listFailures } from "#lib/protocol/jobs/insight.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listFailures as command } from "#lib/server/jobs/insight/list-failures.ts";

export const GET = handle(listFailures, command);
