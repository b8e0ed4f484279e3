import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { discardResults as discardResultsEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { lockJob } from "../../exchange/job-lock.ts";
import { requireAccount } from "../../principal.ts";
import { getJobView, getOwnJob } from "../get-job.ts";
import { endResults } from "./retention-store.ts";

type Endpoint = typeof discardResultsEndpoint;

/**
 * Ends the results of the account's job now: nobody gets them any more, and their room comes back when they are collected. Throws `conflict` while anything of
 * the job is still computed, checked or paid for. Asked again it changes nothing.
 */
export async function discardResults(ctx: Context, { jobId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  await getOwnJob(ctx, accountId, jobId, "owner");
  await transaction(ctx.db, async (tx) => {
    await lockJob(tx, jobId);
    if (!(await endResults(tx, jobId, ctx.clock.now())))
      throw new ApiError("conflict", { problem: "something of the job is still computed, checked or paid for; its results can be deleted once that is over" });
  });
  ctx.log.info({ jobId, accountId }, "an owner deleted the results of a job");
  return await getJobView(ctx, accountId, jobId);
}
