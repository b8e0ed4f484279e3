import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { takeDownJob as takeDownEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context, Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { endJobWithin } from "../jobs/end-job.ts";
import { findJobAccount } from "../jobs/job-state-store.ts";
import { insertAct } from "../operations/act-store.ts";
import { requireOperator } from "../principal.ts";

/** Ends an open job with an operator's reason; false if it had ended before. `act` is noted with it where the job was decided about by itself. */
export async function endByPolicy(
  { db, clock }: Services,
  end: { jobId: JobId; reason: string; act?: { act: "take_down_job" | "deny_job"; by: AccountId } },
): Promise<boolean> {
  const { jobId, reason, act } = end;
  const at = clock.now();
  return await transaction(db, async (tx) => {
    const hasEnded = await endJobWithin(tx, { jobId, state: "cancelled", at, reason: { code: "job_taken_down", params: { reason } } });
    if (hasEnded && act) await insertAct(tx, { ...act, at, subject: jobId, reason });
    return hasEnded;
  });
}

/** Ends somebody's job for good; for operators. Throws `not_found` where there is none, `conflict` for one that has ended. */
export async function takeDownJob(ctx: Context, { jobId, reason }: InputOf<typeof takeDownEndpoint>): Promise<OutputOf<typeof takeDownEndpoint>> {
  const { accountId } = requireOperator(ctx.principal, "instance:manage");
  if (!(await findJobAccount(ctx.db, jobId))) throw new ApiError("not_found", { what: "job" });
  if (!(await endByPolicy(ctx, { jobId, reason, act: { act: "take_down_job", by: accountId } })))
    throw new ApiError("conflict", { problem: "the job has ended" });
  ctx.log.warn({ operator: accountId, jobId, reason }, "an operator took a job down");
  return { takenDown: true };
}
