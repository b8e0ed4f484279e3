import "server-only";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { OPEN_JOB_STATES } from "#lib/domain/job/job.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { NoticeKind } from "#lib/domain/notice/notice.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { dropErrands } from "../errands/errand-store.ts";
import { lockJob } from "../exchange/job-lock.ts";
import { reimburseReverification } from "../ledger/forfeit-pay.ts";
import { refundJob } from "../ledger/refund-job.ts";
import { tellOfJob } from "../notices/tell-of-job.ts";
import { stopReduction } from "../reduction/reduction-store.ts";
import { findJobAccount, type JobReason, setJobState } from "./job-state-store.ts";

/**
 * Ends a job: no further grant, no further verdict; what its escrow holds beyond what open grants may still cost goes back to the owner.
 * A cancelled or failed job stops its open grants, so nothing of them is owed; a final one lets them report. False if it had ended before.
 */
export async function endJob(services: Services, end: JobEnd): Promise<boolean> {
  return await transaction(services.db, (tx) => endJobWithin(tx, { ...end, at: services.clock.now() }));
}

/** `by` is whose decision it was, where it was one of the people who are told of it. */
type JobEnd = { jobId: JobId; state: "final" | "failed" | "cancelled"; reason?: JobReason; by?: AccountId };

/** The same within a transaction that somebody else began. */
export async function endJobWithin(tx: Tx, end: JobEnd & { at: Date }): Promise<boolean> {
  const { jobId, state, reason, at, by } = end;
  await lockJob(tx, jobId);
  const hasEnded = await setJobState(tx, jobId, { state, from: OPEN_JOB_STATES, endedAt: at, ...(reason ? { reason } : {}) });
  if (!hasEnded) return false;
  await tellOfJob(tx, { jobId, kind: kindOf(end), event: String(at.getTime()), at, ...(reason ? { reason } : {}), ...(by ? { by } : {}) });
  if (state !== "final") {
    await tx`update grants set state = 'stopped', untallied_since = null where job_id = ${uuidOf(jobId)} and (state = 'open' or untallied_since is not null)`;
    await dropErrands(tx, jobId);
    // What an owner cancels is reduced as far as it came; a program that was taken down, or a job that stopped itself, takes no more of a trusted device.
    if (state === "failed" || reason?.code === "job_taken_down") await stopReduction(tx, jobId);
    // Nobody checks for it any more; what is drawn must not keep its window open.
    await tx`update holds set "check" = 'none' where job_id = ${uuidOf(jobId)} and "check" = 'drawn'`;
  }
  await settleUp(tx, jobId, at);
  return true;
}

function kindOf({ state, reason }: JobEnd): NoticeKind {
  if (state === "final") return "done";
  return reason?.code === "job_taken_down" ? "taken_down" : "stopped";
}

/** Returns what an ended job no longer needs, and closes it once nothing of it moves: no open grant, no untallied result, no escrow. */
export async function closeJob(services: Services, jobId: JobId): Promise<void> {
  await transaction(services.db, async (tx) => {
    await lockJob(tx, jobId);
    await settleUp(tx, jobId, services.clock.now());
  });
}

async function settleUp(tx: Tx, jobId: JobId, now: Date): Promise<void> {
  const accountId = await findJobAccount(tx, jobId);
  if (!accountId) return;
  const keepMicro = await openCost(tx, jobId, now);
  await reimburseReverification(tx, jobId);
  await refundJob(tx, { jobId, accountId, keepMicro });
  if (keepMicro > 0n) return;
  await tx`update jobs set closed_at = ${now} where id = ${uuidOf(jobId)} and closed_at is null`;
  await tx`delete from wanted where job_id = ${uuidOf(jobId)}`;
}

/** What grants that may still report could cost: open ones, lost ones before their hard cap, and results that wait for their tally. */
async function openCost(tx: Tx, jobId: JobId, now: Date): Promise<Micro> {
  const [row] = await tx<{ cost: bigint }[]>`
    select coalesce(sum((g.to_no - g.from_no)::bigint), 0)::bigint * (select cost_micro from job_cursors where job_id = ${uuidOf(jobId)}) as cost
    from grants g where g.job_id = ${uuidOf(jobId)}
      and (g.untallied_since is not null or (g.state = 'open' and g.hard_cap_at > ${now}) or (g.state = 'expired' and g.hard_cap_at > ${now} and g.reported < g.to_no - g.from_no))`;
  return row?.cost ?? 0n;
}
