import { getPicture } from "#lib/protocol/jobs/jobs.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getPicture as command } from "#lib/server/jobs/get-picture.ts";

export const GET = handleDownload(getPicture, command);
