import { getPublicPicture } from "#lib/protocol/jobs/publication.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getPublicPicture as command } from "#lib/server/jobs/publication/get-public-job.ts";

export const GET = handleDownload(getPublicPicture, command);
