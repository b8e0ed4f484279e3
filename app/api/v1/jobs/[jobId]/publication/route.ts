import { getPublication, publishJob, unpublishJob } from "#lib/protocol/jobs/publication.ts";
import { handle } from "#lib/server/http/handle.ts";
import { publishJob as publish, getPublication as read, unpublishJob as unpublish } from "#lib/server/jobs/publication/publish-job.ts";

export const GET = handle(getPublication, read);
export const PUT = handle(publishJob, publish);
export const DELETE = handle(unpublishJob, unpublish);
