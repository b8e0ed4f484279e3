import "server-only";
import { isOpen } from "#lib/domain/job/job.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { holdJob as holdJobEndpoint } from "#lib/protocol/instance/operations.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { findJobState, setJobState } from "../jobs/job-state-store.ts";
import { tellOfJob } from "../notices/tell-of-job.ts";
import { insertAct } from "../operations/act-store.ts";
import { requireOperator } from "../principal.ts";
import { lockPolicy } from "./policy-store.ts";
import { reopenReview } from "./review-store.ts";

type Endpoint = typeof holdJobEndpoint;

/**
 * Pauses somebody's job until it is decided about, like one that waits for review; for operators. Throws `not_found` where there is none, `job_ended` for one
 * that has ended, `conflict` for one that is computed: of it nothing is granted.
 */
export async function holdJob(ctx: Context, { jobId, reason }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId: by } = requireOperator(ctx.principal, "instance:manage");
  const at = ctx.clock.now();
  await transaction(ctx.db, async (tx) => {
    // Alone with whoever would let it run meanwhile.
    await lockPolicy(tx, "alone");
    const state = await findJobState(tx, jobId);
    if (!state) throw new ApiError("not_found", { what: "job" });
    if (!isOpen(state)) throw new ApiError("job_ended", { state });
    const why = { code: "job_held", params: { reason } } as const;
    if (!(await setJobState(tx, jobId, { state: "paused", from: ["running", "paused", "needs_funds"], reason: why })))
      throw new ApiError("conflict", { problem: "the job is computed, so nothing is granted" });
    await reopenReview(tx, jobId, at);
    await tellOfJob(tx, { jobId, kind: "stopped", event: String(at.getTime()), at, reason: why, by });
    await insertAct(tx, { act: "hold_job", by, at, subject: jobId, reason });
  });
  ctx.log.warn({ operator: by, jobId, reason }, "an operator paused a job");
  return { held: true };
}
