import "server-only";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import { ASSURANCE } from "#lib/domain/trust/assurance.ts";
import { errorBound } from "#lib/domain/trust/promise.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getPublicJob as getPublicJobEndpoint, PublicJob } from "#lib/protocol/jobs/publication.ts";
import type { Context } from "../../context.ts";
import type { ByteAnswer, DownloadRequest } from "../../http/handle.ts";
import { getReductionView } from "../../reduction/get-reduction-view.ts";
import { getCounters } from "../../shards/shard-store.ts";
import { readJobWindows } from "../../trust/job-trust-store.ts";
import { getOwnJob } from "../get-job.ts";
import { answerPicture } from "../get-picture.ts";
import { answerResult } from "../get-results.ts";
import { haveEnded } from "../retention/refuse-ended.ts";
import { findPublicOwner } from "./publication-store.ts";

type Endpoint = typeof getPublicJobEndpoint;

/** A published job, for everybody. One that is not published looks like one that does not exist. */
export async function getPublicJob(ctx: Context, { jobId }: InputOf<Endpoint>): Promise<PublicJob> {
  const { job, name, publishedAt } = await getPublished(ctx, jobId);
  const { spec } = job;
  const { assurance } = spec.verification;
  const [counters, windows, reduction] = await Promise.all([getCounters(ctx.db, jobId), readJobWindows(ctx.db, jobId), getReductionView(ctx, job)]);
  const results = ASSURANCE[assurance].hasHold ? windows.resultsMin : counters.accepted || null;
  return {
    id: job.id,
    name: spec.name,
    description: spec.description,
    topic: spec.topic,
    state: job.state,
    owner: shortAccountName(name),
    program: { sha256: spec.program.artifact.sha256, args: spec.program.args },
    input: spec.input ? { sha256: spec.input.sha256 } : null,
    files: spec.files.map(({ name, artifact }) => ({ name, sha256: artifact.sha256 })),
    slicing: spec.slicing.mode,
    format: spec.output.format,
    seed: spec.seed,
    reduction: reduction && { shards: reduction.failure ? 0 : reduction.shards, failure: reduction.failure && toPublicFailure(reduction.failure) },
    shardCount: job.shardCount,
    acceptedCount: counters.accepted,
    failedCount: counters.failed,
    finalCount: counters.final,
    assurance,
    errorBound: results === null ? null : errorBound(assurance, results),
    createdAt: job.createdAt.toISOString(),
    endedAt: job.endedAt?.toISOString() ?? null,
    publishedAt: publishedAt.toISOString(),
    resultIsGone: haveEnded(ctx, job),
  };
}

/** The result of a published job, streamed as for its owner. */
export async function getPublicResult(ctx: Context, { jobId }: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { job } = await getPublished(ctx, jobId);
  return await answerResult(ctx, job, {});
}

/** The picture of a published job, as far as it is verified. */
export async function getPublicPicture(ctx: Context, { jobId }: InputOf<Endpoint>, request: DownloadRequest): Promise<ByteAnswer> {
  const { job } = await getPublished(ctx, jobId);
  return await answerPicture(ctx, job, request);
}

/** How the owner's program ended; its log stays the owner's. */
function toPublicFailure({ fromNo, toNo, outcome, exitCode, trap }: NonNullable<NonNullable<PublicJob["reduction"]>["failure"]>) {
  return { fromNo, toNo, outcome, exitCode, trap };
}

async function getPublished(ctx: Context, jobId: InputOf<Endpoint>["jobId"]) {
  const owner = await findPublicOwner(ctx.db, jobId);
  if (!owner) throw new ApiError("not_found", { what: "job" });
  return { ...owner, job: await getOwnJob(ctx, owner.accountId, jobId) };
}
