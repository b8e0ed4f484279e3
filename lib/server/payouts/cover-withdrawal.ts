import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import { listUnclosedJobs } from "../accounts/data/account-data-store.ts";
import type { Tx } from "../db/client.ts";
import { lockJob } from "../exchange/job-lock.ts";
import { endJobWithin } from "../jobs/end-job.ts";
import { forfeitPay } from "../ledger/forfeit-pay.ts";
import { postAccountGroup, postJobGroup } from "../ledger/ledger-store.ts";
import { sumAccount } from "../ledger/posting-sum-store.ts";
import { listPromised, listUnchecked, lockFundings, mapOwnParts, markForfeited, releaseReservesOf } from "./promised-store.ts";

const JOBS_MAX = 1000;

type Withdrawal = { accountId: AccountId; purse: number; amountMicro: Micro; place: string; at: Date };

/**
 * Makes a withdrawal bookable that took more out of the contract than was free, by the way that needs nobody: ends the jobs that counted on that money, and books back what they
 * still promised out of it, and nothing that others put into them, because it is gone. What is nobody's goes first, then as much pay under check as is missing; what is verified is
 * owed, and goes last. For the transaction that books the withdrawal afterwards.
 */
export async function coverWithdrawal(tx: Tx, withdrawal: Withdrawal): Promise<void> {
  const { accountId, purse, at } = withdrawal;
  if ((await findShortfall(tx, withdrawal)) === 0n) return;
  for (const { id } of await listUnclosedJobs(tx, accountId, { limit: JOBS_MAX, purse }))
    await endJobWithin(tx, { jobId: id, state: "cancelled", reason: { code: "budget_leaving", params: {} }, at });
  const unchecked = await listUnchecked(tx, { accountId, purse });
  // Before the account's lock, as everywhere. Otherwise a window that closes now would vest pay that is forfeited here.
  for (const { jobId } of unchecked) await lockJob(tx, jobId);
  await lockFundings(tx, accountId);
  await takeBack(tx, withdrawal, "free");
  if ((await findShortfall(tx, withdrawal)) === 0n) return;
  // Their checks have ended: they are owed like what is verified.
  await releaseReservesOf(tx, [accountId], purse);
  await forfeitUnchecked(tx, withdrawal, unchecked);
  await takeBack(tx, withdrawal, "forfeited");
  await takeBack(tx, withdrawal, "earned");
}

async function findShortfall(tx: Tx, { accountId, purse, amountMicro }: Withdrawal): Promise<Micro> {
  const missing = amountMicro - ((await sumAccount(tx, accountId, purse)).sides.available ?? 0n);
  return missing > 0n ? missing : 0n;
}

/** Forfeits as much pay under check as is missing and the account's to pay, rounded up to whole replicas: the rest stays pay, out of others' money or a budget that is left. */
async function forfeitUnchecked(tx: Tx, withdrawal: Withdrawal, jobs: readonly { jobId: JobId; priceMicro: Micro }[]): Promise<void> {
  const { accountId } = withdrawal;
  let missing = await findShortfall(tx, withdrawal);
  const ownOf = await mapOwnParts(
    tx,
    accountId,
    jobs.map(({ jobId }) => jobId),
  );
  for (const { jobId, priceMicro } of jobs) {
    const needMicro = least(missing, ownOf(jobId) ?? missing);
    const forfeits = await markForfeited(tx, jobId, (needMicro + priceMicro - 1n) / priceMicro);
    await forfeitPay(tx, { jobId, priceMicro }, forfeits);
    const gotMicro = forfeits.reduce((sum, { replicas }) => sum + BigInt(replicas) * priceMicro, 0n);
    missing -= least(needMicro, gotMicro);
  }
}

/** Compensating groups, one for each job on both sides, until nothing is missing. */
async function takeBack(tx: Tx, withdrawal: Withdrawal, round: "free" | "forfeited" | "earned"): Promise<void> {
  const { accountId, purse, place } = withdrawal;
  let missing = await findShortfall(tx, withdrawal);
  if (missing === 0n) return;
  for (const { jobId, lines, mostMicro } of await listPromised(tx, { accountId, purse }, round === "earned" ? ["earned"] : ["escrow", "reserve", "fee"])) {
    let most = mostMicro ?? missing;
    const taken = lines.flatMap((line) => {
      const part = least(line.amountMicro, least(missing, most));
      missing -= part;
      most -= part;
      return part > 0n ? [{ ...line, amountMicro: -part }] : [];
    });
    const sum = taken.reduce((total, { amountMicro }) => total - amountMicro, 0n);
    const ref = `taken:${place}:${round}:${jobId}`;
    await postJobGroup(tx, { jobId, ref, lines: [...taken, { side: "clearing", amountMicro: sum }] });
    await postAccountGroup(tx, { ref, purse }, [
      { accountId, side: "clearing", amountMicro: -sum },
      { accountId, side: "available", amountMicro: sum },
    ]);
  }
}
