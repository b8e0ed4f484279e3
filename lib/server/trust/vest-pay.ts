import "server-only";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { lockJob } from "../exchange/job-lock.ts";
import type { JobFacts, JobSnapshot } from "../exchange/job-snapshot.ts";
import { listShortWithReserve, reimburseReverification } from "../ledger/forfeit-pay.ts";
import { releaseClosed, vestIntoReserve } from "../ledger/keep-reserve.ts";
import { type DueVesting, listDueVestings, listPendingOf, markVested } from "./vest-store.ts";

const VESTINGS_MAX = 200;

/**
 * Moves pay of closed windows on: it joins the reserve of its device, and the older pay that it pushes out is earned. Also releases what closed devices had in reserve.
 * Returns how many windows of jobs. Repeating it pays nothing twice.
 */
export async function vestPay(services: Services, snapshot: JobSnapshot): Promise<number> {
  const due = await listDueVestings(services.db, VESTINGS_MAX);
  const facts = await snapshot.facts([...new Set(due.map(({ jobId }) => jobId))]);
  for (const vesting of due) {
    const job = facts.get(vesting.jobId);
    if (job) await vest(services, job, vesting);
  }
  await releaseClosed(services);
  return due.length;
}

/** Lets jobs whose budget is spent have what was forfeited in them, so that what has to be computed again is. Returns how many such jobs there were. */
export async function fundReverification({ db }: Services): Promise<number> {
  const short = await listShortWithReserve(db);
  for (const jobId of short) {
    await transaction(db, async (tx) => {
      await lockJob(tx, jobId);
      await reimburseReverification(tx, jobId);
    });
  }
  return short.length;
}

async function vest({ db, clock, config }: Services, { priceMicro }: JobFacts, vesting: DueVesting): Promise<void> {
  const { jobId, assurance, windowNo } = vesting;
  await transaction(db, async (tx) => {
    // No settlement is under way that would still put pay of this window aside.
    await lockJob(tx, jobId);
    const pays = (await listPendingOf(tx, vesting)).map(({ deviceId, replicas }) => ({ deviceId, jobId, payments: replicas, priceMicro }));
    await vestIntoReserve(tx, pays, { ref: `vest:${jobId}:${assurance}:${windowNo}`, paymentsMax: config.reservePayments });
    await reimburseReverification(tx, jobId);
    await markVested(tx, vesting, clock.now());
  });
}
