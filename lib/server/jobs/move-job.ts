import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen, type JobState } from "#lib/domain/job/job.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { lockPolicy } from "../policy/policy-store.ts";
import { isInReview } from "../policy/review-store.ts";
import { requireAccount } from "../principal.ts";
import { getJobView, getOwnJob } from "./get-job.ts";
import { setJobState } from "./job-state-store.ts";

/**
 * Moves the account's job between states in which it is open; a job that is there already stays so. Throws `job_ended` for one that has ended,
 * `conflict` where the present state does not lead there, `job_in_review` for one that an operator has not let run yet.
 */
export async function moveJob(ctx: Context, jobId: JobId, move: { from: readonly JobState[]; to: JobState }): Promise<JobView> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  await getOwnJob(ctx, accountId, jobId, "manage");
  const hasMoved = await transaction(ctx.db, async (tx) => {
    if (move.to === "running") await refuseInReview(tx, jobId);
    // Whoever pauses what an operator holds does not make it forget why.
    if (move.to === "paused" && (await isInReview(tx, jobId))) return false;
    return await setJobState(tx, jobId, { state: move.to, from: move.from });
  });
  const view = await getJobView(ctx, accountId, jobId);
  if (hasMoved || view.state === move.to) return view;
  if (!isOpen(view.state)) throw new ApiError("job_ended", { state: view.state });
  throw new ApiError("conflict", { problem: view.state === "needs_funds" ? "the job waits for funds, so nothing is granted" : `the job is ${view.state}` });
}

async function refuseInReview(tx: Tx, jobId: JobId): Promise<void> {
  await lockPolicy(tx, "shared");
  if (await isInReview(tx, jobId)) throw new ApiError("job_in_review");
}
