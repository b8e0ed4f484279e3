import { getResults } from "#lib/protocol/jobs/jobs.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getResults as command } from "#lib/server/jobs/get-results.ts";

export const GET = handleDownload(getResults, command);
