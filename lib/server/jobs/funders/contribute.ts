import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { contribute as contributeEndpoint } from "#lib/protocol/jobs/funders.ts";
import { chargeKey } from "../../accounts/keys/charge-key.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { contributeToJob } from "../../ledger/fund-job.ts";
import { findStakes } from "../../ledger/stake-store.ts";
import { requireAccount } from "../../principal.ts";
import { getOwnJob } from "../get-job.ts";
import { setJobState } from "../job-state-store.ts";
import { raiseCursor } from "../job-store.ts";
import { bindFunder, type Funder } from "./funder-store.ts";
import { openFunders } from "./job-funders.ts";
import { viewFunders } from "./view-funders.ts";

type Endpoint = typeof contributeEndpoint;

/**
 * Reserves the account's money for somebody's job, up to a total of its own; one that waits for funds goes on. The same total again changes nothing. Throws `forbidden` where the
 * owner has not named its wallet, `conflict` where the share is another than the one agreed to, `job_ended`, `bad_request` for less than it has put in,
 * `funds_short`, `key_spend_limit`.
 */
export async function contribute(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId, address, key } = requireAccount(ctx.principal, "jobs:write");
  const job = await getOwnJob(ctx, accountId, input.jobId);
  await transaction(ctx.db, async (tx) => {
    // Its end returns the escrow, and its owner may change shares: alone with the job.
    const named = requireNamed(await openFunders(tx, job.id), { address, shareBps: input.shareBps });
    const putMicro = (await findStakes(tx, job.id))?.find((stake) => stake.accountId === accountId)?.putMicro ?? 0n;
    const amountMicro = BigInt(input.putMicro) - putMicro;
    if (amountMicro < 0n) throw new ApiError("bad_request", { field: "putMicro", problem: `must not be below the ${putMicro} that you have put in` });
    if (amountMicro === 0n) return;
    await contributeToJob(tx, { jobId: job.id, accountId, purse: job.purse, amountMicro, putMicro });
    await bindFunder(tx, job.id, { address: named, accountId });
    if (key) await chargeKey(tx, { keyId: key.id, jobId: job.id, amountMicro, at: ctx.clock.now() });
    await raiseCursor(tx, job.id, amountMicro);
    await setJobState(tx, job.id, { state: "running", from: ["needs_funds"] });
  });
  return await viewFunders(ctx.db, job, accountId);
}

function requireNamed(funders: readonly Funder[], wish: { address: string | null; shareBps: number }): string {
  const funder = funders.find(({ address }) => address === wish.address?.toLowerCase());
  if (!funder) throw new ApiError("forbidden", { need: "to be named by the owner as somebody who funds this job" });
  if (funder.shareBps !== wish.shareBps) throw new ApiError("conflict", { problem: `your share of what is returned is ${funder.shareBps / 100} %` });
  return funder.address;
}
