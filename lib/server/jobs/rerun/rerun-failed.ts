import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { decideRerun, type RerunRefusal } from "#lib/domain/job/decide-rerun.ts";
import { worstCost } from "#lib/domain/ledger/money.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { rerunFailed as rerunFailedEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { chargeKey } from "../../accounts/keys/charge-key.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { lockJob } from "../../exchange/job-lock.ts";
import { type Claim, doOnce } from "../../idempotency/do-once.ts";
import { fundJob } from "../../ledger/fund-job.ts";
import { getJobMoney } from "../../ledger/ledger-store.ts";
import { admitJob } from "../../policy/admit-job.ts";
import { type AccountPrincipal, requireAccount } from "../../principal.ts";
import { refuseJob } from "../../quotas/check-quotas.ts";
import { takeBackReduced } from "../../reduction/reduction-store.ts";
import { addToCounters, getCounters, NO_CHANGE } from "../../shards/shard-store.ts";
import { getJobView, getOwnJob } from "../get-job.ts";
import { setJobState } from "../job-state-store.ts";
import { findJob, type Job } from "../job-store.ts";
import { getRerunState, insertRerun, reopenFailed, reopenJob } from "./rerun-store.ts";

type Endpoint = typeof rerunFailedEndpoint;

const PROBLEMS: Record<RerunRefusal, string> = {
  not_ended: "the job has not ended; failed shards can be computed again once it has",
  cancelled: "the job was cancelled; submit it as a new one",
  stopped_early: "the job stopped before all of its shards were tried; mend its program or input and submit it as a new one",
  none_failed: "no shard of the job failed",
  files_gone: "its program, input or results were let go of, as those of every job are some time after it closed; upload them again and submit it as a new one",
  provisional: "the job is still being settled or checked; try again when its verdicts are final",
};

/**
 * Computes the failed shards of the account's ended job again: each gets a further round with all of its replicas, and their worst cost is reserved anew. Accepted
 * results, and what was paid before, stay. Throws `conflict` with the reason where that cannot be, `funds_short`, `key_spend_limit`, and
 * `program_denied` or `account_denied` where the job would not be let in today. A repeat with the same Idempotency-Key changes nothing.
 */
export async function rerunFailed(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const principal = requireAccount(ctx.principal, "jobs:write");
  const job = await getOwnJob(ctx, principal.accountId, input.jobId, "owner");
  const jobId = await doOnce(ctx, principal.accountId, (claim) => rerun(ctx, principal, { job, claim }));
  return await getJobView(ctx, principal.accountId, jobId);
}

async function rerun(
  ctx: Context,
  { accountId, address, key }: AccountPrincipal,
  { job: { id: jobId, spec }, claim }: { job: Job; claim: Claim },
): Promise<JobId> {
  await transaction(ctx.db, async (tx) => {
    await claim(tx, jobId);
    await admitJob(tx, ctx.config, { accountId, address }, spec);
    await lockJob(tx, jobId);
    const job = await findJob(tx, accountId, jobId);
    if (!job) throw new ApiError("not_found", { what: "job" });
    const at = ctx.clock.now();
    const failed = await countRerunnable(tx, job, at);
    const { quorum, replicasMax } = spec.verification;
    const amountMicro = worstCost({ shardCount: failed, replicasMax, priceMicro: job.priceMicro, feeBps: job.feeBps });
    const { reservedMicro } = await getJobMoney(tx, jobId);
    await fundJob(tx, { jobId, accountId, purse: job.purse, amountMicro, reservedMicro });
    await refuseJob(tx, ctx, accountId);
    if (key) await chargeKey(tx, { keyId: key.id, jobId, amountMicro, at });
    const { shards, held, outputBytes, firstNo } = await reopenFailed(tx, jobId, { quorum, at });
    if (spec.reducer.kind === "wasi") await takeBackReduced(tx, jobId, firstNo);
    await addToCounters(tx, jobId, { ...NO_CHANGE, spread: 0, failed: -shards, held: -held, outputBytes: -outputBytes });
    await reopenJob(tx, jobId, amountMicro);
    await setJobState(tx, jobId, { state: "running", from: ["final", "failed"] });
    await insertRerun(tx, { jobId, accountId, shards, reservedMicro: amountMicro, at });
    ctx.log.info({ jobId, accountId, shards, reservedMicro: String(amountMicro) }, "failed shards are computed again");
  });
  return jobId;
}

async function countRerunnable(tx: Tx, { id, state, shardCount, spec }: Job, now: Date): Promise<number> {
  const { accepted, failed } = await getCounters(tx, id);
  const refusal = decideRerun({ state, shardCount, accepted, failed, ...(await getRerunState(tx, id, { assurance: spec.verification.assurance, now })) });
  if (refusal !== null) throw new ApiError("conflict", { problem: PROBLEMS[refusal] });
  return failed;
}
