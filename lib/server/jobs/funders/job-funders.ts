import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { MEMBERS_MAX } from "#lib/domain/job/job-role.ts";
import { WHOLE_BPS } from "#lib/domain/ledger/stakes.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { listFunders as listEndpoint, removeFunder as removeEndpoint, setFunder as setEndpoint } from "#lib/protocol/jobs/funders.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { lockJob } from "../../exchange/job-lock.ts";
import { requireAccount } from "../../principal.ts";
import { getOwnJob } from "../get-job.ts";
import { findJobState } from "../job-state-store.ts";
import { listMemberRows, upsertMember } from "../members/member-store.ts";
import { deleteFunder, type Funder, listFunderRows, upsertFunder } from "./funder-store.ts";
import { viewFunders } from "./view-funders.ts";

/** Who funds a job, for everybody who may see it. */
export async function listFunders(ctx: Context, input: InputOf<typeof listEndpoint>): Promise<OutputOf<typeof listEndpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  return await viewFunders(ctx.db, await getOwnJob(ctx, accountId, input.jobId), accountId);
}

/**
 * Names who may put money into the account's open job, for which share of what is returned; whoever is named may look at the job. The same again changes nothing. Throws `conflict` for another share
 * than the one that money was put in for, `bad_request` for the owner's own address, for shares of more than the whole, and beyond 50 of them, `job_ended`.
 */
export async function setFunder(ctx: Context, input: InputOf<typeof setEndpoint>): Promise<OutputOf<typeof setEndpoint>> {
  const { accountId, address: own } = requireAccount(ctx.principal, "jobs:write");
  const { address, shareBps } = input;
  const job = await getOwnJob(ctx, accountId, input.jobId, "owner");
  if (address === own?.toLowerCase()) throw new ApiError("bad_request", { field: "address", problem: "is your own" });
  await transaction(ctx.db, async (tx) => {
    const funders = await openFunders(tx, job.id);
    const before = funders.find((funder) => funder.address === address);
    if (before?.shareBps === shareBps) return;
    if (before?.accountId) throw new ApiError("conflict", { problem: "they have put money in for the share that they were promised" });
    const others = funders.filter((funder) => funder !== before);
    if (others.length >= MEMBERS_MAX)
      throw new ApiError("bad_request", { field: "address", problem: `is one too many: a job has at most ${MEMBERS_MAX} of them` });
    const left = WHOLE_BPS - others.reduce((sum, funder) => sum + funder.shareBps, 0);
    if (shareBps > left) throw new ApiError("bad_request", { field: "shareBps", problem: `must be at most ${left}: the rest is promised to others` });
    await upsertFunder(tx, job.id, { address, shareBps, addedAt: ctx.clock.now() });
    await letSee(tx, job.id, { address, at: ctx.clock.now() });
  });
  return await viewFunders(ctx.db, job, accountId);
}

/** Takes somebody out who has put nothing in; one that is none changes nothing. Throws `conflict` once money is in, `job_ended`. They may still look at the job. */
export async function removeFunder(ctx: Context, input: InputOf<typeof removeEndpoint>): Promise<OutputOf<typeof removeEndpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const job = await getOwnJob(ctx, accountId, input.jobId, "owner");
  await transaction(ctx.db, async (tx) => {
    const funder = (await openFunders(tx, job.id)).find(({ address }) => address === input.address);
    if (funder?.accountId) throw new ApiError("conflict", { problem: "they have put money in, and it comes back when the job ends" });
    await deleteFunder(tx, job.id, input.address);
  });
  return await viewFunders(ctx.db, job, accountId);
}

/** The funders of a job that has not ended, with its lock: nobody else puts money in meanwhile. Throws `job_ended`. */
export async function openFunders(tx: Tx, jobId: JobId): Promise<Funder[]> {
  await lockJob(tx, jobId);
  const state = await findJobState(tx, jobId);
  if (!(state && isOpen(state))) throw new ApiError("job_ended", { state: state ?? "cancelled" });
  return await listFunderRows(tx, jobId);
}

async function letSee(tx: Tx, jobId: JobId, { address, at }: { address: string; at: Date }): Promise<void> {
  const members = await listMemberRows(tx, jobId);
  if (members.some((member) => member.address === address)) return;
  if (members.length >= MEMBERS_MAX)
    throw new ApiError("bad_request", { field: "address", problem: `is one too many: a job has at most ${MEMBERS_MAX} members` });
  await upsertMember(tx, jobId, { address, role: "view", addedAt: at });
}
