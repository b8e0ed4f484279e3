import "server-only";
import { isOpen } from "#lib/domain/job/job.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { raiseBudget as raiseBudgetEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { chargeKey } from "../accounts/keys/charge-key.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { lockJob } from "../exchange/job-lock.ts";
import { fundJob } from "../ledger/fund-job.ts";
import { getJobMoney } from "../ledger/ledger-store.ts";
import { requireAccount } from "../principal.ts";
import { getJobView, getOwnJob } from "./get-job.ts";
import { setJobState } from "./job-state-store.ts";
import { findJob, raiseCursor } from "./job-store.ts";

type Endpoint = typeof raiseBudgetEndpoint;

/**
 * Reserves more for the account's job, up to a total; one that waits for funds goes on. The same total again changes nothing. Throws `job_ended` for one that has
 * ended, `bad_request` for less than is reserved, `funds_short` where the account has less than what is missing,
 * `key_spend_limit` where the API key may reserve less.
 */
export async function raiseBudget(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId, key } = requireAccount(ctx.principal, "jobs:write");
  const { id: jobId } = await getOwnJob(ctx, accountId, input.jobId, "owner");
  await transaction(ctx.db, async (tx) => {
    // Its end returns the escrow: alone with the job, so that nothing is put into one that has ended.
    await lockJob(tx, jobId);
    const job = await findJob(tx, accountId, jobId);
    if (!job || !isOpen(job.state)) throw new ApiError("job_ended", { state: job?.state ?? "cancelled" });
    const { reservedMicro } = await getJobMoney(tx, jobId);
    const amountMicro = BigInt(input.reservedMicro) - reservedMicro;
    if (amountMicro < 0n) throw new ApiError("bad_request", { field: "reservedMicro", problem: `must not be below the ${reservedMicro} that are reserved` });
    if (amountMicro === 0n) return;
    await fundJob(tx, { jobId, accountId, purse: job.purse, amountMicro, reservedMicro });
    if (key) await chargeKey(tx, { keyId: key.id, jobId, amountMicro, at: ctx.clock.now() });
    await raiseCursor(tx, jobId, amountMicro);
    await setJobState(tx, jobId, { state: "running", from: ["needs_funds"] });
  });
  return await getJobView(ctx, accountId, jobId);
}
