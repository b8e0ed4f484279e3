import { getPublicResult } from "#lib/protocol/jobs/publication.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getPublicResult as command } from "#lib/server/jobs/publication/get-public-job.ts";

export const GET = handleDownload(getPublicResult, command);
