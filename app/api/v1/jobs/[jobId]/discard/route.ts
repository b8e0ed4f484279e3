import { discardResults } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { discardResults as command } from "#lib/server/jobs/retention/discard-results.ts";

export const POST = handle(discardResults, command);
