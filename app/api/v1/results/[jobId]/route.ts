import { getPublicJob } from "#lib/protocol/jobs/publication.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getPublicJob as command } from "#lib/server/jobs/publication/get-public-job.ts";

export const GET = handle(getPublicJob, command);
