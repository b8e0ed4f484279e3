import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { takeDownJob as takeDownEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context, Services } from "../context.ts";
import { endJob } from "../jobs/end-job.ts";
import { findJobAccount } from "../jobs/job-state-store.ts";
import { requireOperator } from "../principal.ts";

/** Ends an open job with an operator's reason; false if it had ended before. */
export async function endByPolicy(services: Services, jobId: JobId, reason: string): Promise<boolean> {
  return await endJob(services, { jobId, state: "cancelled", reason: { code: "job_taken_down", params: { reason } } });
}

/** Ends somebody's job for good; for operators. Throws `not_found` where there is none, `conflict` for one that has ended. */
export async function takeDownJob(ctx: Context, { jobId, reason }: InputOf<typeof takeDownEndpoint>): Promise<OutputOf<typeof takeDownEndpoint>> {
  const { accountId } = requireOperator(ctx.principal, "instance:manage");
  if (!(await findJobAccount(ctx.db, jobId))) throw new ApiError("not_found", { what: "job" });
  if (!(await endByPolicy(ctx, jobId, reason))) throw new ApiError("conflict", { problem: "the job has ended" });
  ctx.log.warn({ operator: accountId, jobId, reason }, "an operator took a job down");
  return { takenDown: true };
}
