import "server-only";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getPicture as getPictureEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { UNTRUSTED_BYTES_HEADERS } from "../artifacts/untrusted-bytes-headers.ts";
import type { Context, Services } from "../context.ts";
import type { ByteAnswer, DownloadRequest } from "../http/handle.ts";
import { requireAccount } from "../principal.ts";
import { getOwnJob } from "./get-job.ts";
import type { Job } from "./job-store.ts";
import { paintPicture } from "./results/paint-picture.ts";
import { refuseEnded } from "./retention/refuse-ended.ts";

/** The picture that the accepted tiles of the account's job make so far. Throws `not_found` where the job makes none, `result_gone` once results have ended. */
export async function getPicture(ctx: Context, { jobId }: InputOf<typeof getPictureEndpoint>, request: DownloadRequest): Promise<ByteAnswer> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  return await answerPicture(ctx, await getOwnJob(ctx, accountId, jobId), request);
}

/** The picture of a job as `getPicture` answers it, or 304 where the browser has this one; the caller has found out that somebody may see it. */
export async function answerPicture(services: Services, job: Job, { ifNoneMatch }: DownloadRequest): Promise<ByteAnswer> {
  refuseEnded(services, job);
  const painted = await paintPicture(services, job);
  if (!painted) throw new ApiError("not_found", { what: "picture" });
  const etag = `"${painted.version}"`;
  return {
    status: ifNoneMatch === etag ? 304 : 200,
    headers: {
      ...UNTRUSTED_BYTES_HEADERS,
      // Kept, and asked for again each time: what has not changed is not sent again.
      "cache-control": "private, no-cache",
      "content-type": "image/png",
      etag,
      "x-shoal-shards": `${painted.accepted}/${job.shardCount}`,
      "x-shoal-final": String(painted.final),
    },
    body: once(painted.png),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
