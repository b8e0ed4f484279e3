import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { decideReview as decideEndpoint, inspectReview as inspectEndpoint, listReviews as listEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { findStoredMinerSigns, inspectStored } from "../inspection/inspect-stored.ts";
import { toSubmission } from "../jobs/insight/get-submission.ts";
import { setJobState } from "../jobs/job-state-store.ts";
import { insertAct } from "../operations/act-store.ts";
import { requireOperator } from "../principal.ts";
import { lockPolicy, upsertRule } from "./policy-store.ts";
import { closeReview, listWaiting, type WaitingJob } from "./review-store.ts";
import { endByPolicy } from "./take-down-job.ts";

const REVIEWS_MAX = 200;

/** The jobs that wait for an operator; for operators. */
export async function listReviews(ctx: Context, _input: InputOf<typeof listEndpoint>): Promise<OutputOf<typeof listEndpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const waiting = await listWaiting(ctx.db, { limit: REVIEWS_MAX });
  return {
    reviews: waiting.map(({ spec, requestedAt, ...job }) => ({
      ...job,
      name: spec.name,
      description: spec.description,
      topic: spec.topic,
      program: spec.program.artifact.sha256,
      runtime: spec.program.runtime,
      requestedAt: requestedAt.toISOString(),
    })),
  };
}

/** What the program of a waiting job is; for operators. */
export async function inspectReview(ctx: Context, { jobId }: InputOf<typeof inspectEndpoint>): Promise<OutputOf<typeof inspectEndpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const { spec } = await getWaiting(ctx, jobId);
  const { sha256 } = spec.program.artifact;
  const rest = { args: spec.program.args, submission: toSubmission(spec), minerSigns: await findStoredMinerSigns(ctx.blobs, sha256, spec.program) };
  if (spec.program.runtime === "wgsl") return { imports: null, source: new TextDecoder().decode(await ctx.blobs.readBytes(sha256)), ...rest };
  return { imports: (await inspectStored(ctx.blobs, sha256, null)).imports, source: null, ...rest };
}

/**
 * Lets a waiting job run, or ends it with a reason; for operators. Throws `not_found` where none waits under this id. A denied job is ended before the decision
 * is noted, so that it never runs in between.
 */
export async function decideReview(ctx: Context, input: InputOf<typeof decideEndpoint>): Promise<OutputOf<typeof decideEndpoint>> {
  const { accountId: by } = requireOperator(ctx.principal, "instance:manage");
  const { jobId, decision } = input;
  const { spec } = await getWaiting(ctx, jobId);
  const at = ctx.clock.now();
  if (decision === "deny") await endByPolicy(ctx, { jobId, reason: input.reason ?? "", act: { act: "deny_job", by } });
  await transaction(ctx.db, async (tx) => {
    if (decision === "allow" && input.allowProgram) await lockPolicy(tx, "alone");
    if (!(await closeReview(tx, jobId, { decision, by, at }))) throw new ApiError("conflict", { problem: "another operator decided about the job" });
    if (decision === "deny") return;
    await setJobState(tx, jobId, { state: "running", from: ["paused"] });
    await insertAct(tx, { act: "allow_job", by, at, subject: jobId });
    const subject = spec.program.artifact.sha256;
    if (!input.allowProgram) return;
    await insertAct(tx, { act: "allow", by, at, subject, reason: `Reviewed with ${jobId}` });
    await upsertRule(tx, { subject, kind: "program", verdict: "allow", reason: `Reviewed with ${jobId}`, by, decidedAt: at });
  });
  ctx.log.info({ operator: by, jobId, decision }, "an operator reviewed a job");
  return { decided: true };
}

async function getWaiting(ctx: Context, jobId: JobId): Promise<WaitingJob> {
  const [job] = await listWaiting(ctx.db, { limit: 1, jobId });
  if (!job) throw new ApiError("not_found", { what: "job in review" });
  return job;
}
