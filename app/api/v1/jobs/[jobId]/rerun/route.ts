import { rerunFailed } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { rerunFailed as command } from "#lib/server/jobs/rerun/rerun-failed.ts";

export const POST = handle(rerunFailed, command);
