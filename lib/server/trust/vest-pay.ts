import "server-only";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { lockJob } from "../exchange/job-lock.ts";
import type { JobFacts, JobSnapshot } from "../exchange/job-snapshot.ts";
import { reimburseReverification } from "../ledger/forfeit-pay.ts";
import { type JobPosting, postJobGroup } from "../ledger/ledger-store.ts";
import { type DueVesting, listDueVestings, listPendingOf, markVested } from "./vest-store.ts";

const VESTINGS_MAX = 200;

/** Turns pending pay of closed windows into earnings: one posting group for each window and job. Returns how many. Repeating it pays nothing twice. */
export async function vestPay(services: Services, snapshot: JobSnapshot): Promise<number> {
  const due = await listDueVestings(services.db, VESTINGS_MAX);
  const facts = await snapshot.facts([...new Set(due.map(({ jobId }) => jobId))]);
  for (const vesting of due) {
    const job = facts.get(vesting.jobId);
    if (job) await vest(services, job, vesting);
  }
  return due.length;
}

async function vest({ db, clock }: Services, { priceMicro }: JobFacts, vesting: DueVesting): Promise<void> {
  const { jobId, assurance, windowNo } = vesting;
  await transaction(db, async (tx) => {
    // No settlement is under way that would still put pay of this window aside.
    await lockJob(tx, jobId);
    const lines = (await listPendingOf(tx, vesting)).flatMap(({ deviceId, replicas }): JobPosting[] => {
      const amountMicro = BigInt(replicas) * priceMicro;
      return [
        { side: "pending", deviceId, amountMicro: -amountMicro },
        { side: "earned", deviceId, amountMicro },
      ];
    });
    await postJobGroup(tx, { jobId, ref: `vest:${assurance}:${windowNo}`, lines });
    await reimburseReverification(tx, jobId);
    await markVested(tx, vesting, clock.now());
  });
}
