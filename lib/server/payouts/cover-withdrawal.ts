import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import { listUnclosedJobs } from "../accounts/data/account-data-store.ts";
import type { Tx } from "../db/client.ts";
import { endJobWithin } from "../jobs/end-job.ts";
import { postAccountGroup, postJobGroup } from "../ledger/ledger-store.ts";
import { sumAccount } from "../ledger/posting-sum-store.ts";
import { forfeitAllPending, listPromised, lockAccount } from "./promised-store.ts";

const JOBS_MAX = 1000;

type Withdrawal = { accountId: AccountId; amountMicro: Micro; place: string; at: Date };

/**
 * Makes a withdrawal bookable that took more out of the contract than was free, by the way that needs nobody: ends the jobs that counted on the money, and books back what they
 * still promised out of it, and nothing that others put into them, because it is gone: escrow, what was forfeited, fees, then earnings that no epoch could pay before the owner was out. For the transaction that
 * books the withdrawal afterwards.
 */
export async function coverWithdrawal(tx: Tx, withdrawal: Withdrawal): Promise<void> {
  const { accountId, at } = withdrawal;
  if ((await findShortfall(tx, withdrawal)) === 0n) return;
  for (const { id } of await listUnclosedJobs(tx, accountId, JOBS_MAX))
    await endJobWithin(tx, { jobId: id, state: "cancelled", reason: { code: "budget_leaving", params: {} }, at });
  await lockAccount(tx, accountId);
  await takeBack(tx, withdrawal, "settled");
  if ((await findShortfall(tx, withdrawal)) === 0n) return;
  await forfeitAllPending(tx, accountId);
  await takeBack(tx, withdrawal, "forfeited");
}

async function findShortfall(tx: Tx, { accountId, amountMicro }: Withdrawal): Promise<Micro> {
  const missing = amountMicro - ((await sumAccount(tx, accountId)).sides.available ?? 0n);
  return missing > 0n ? missing : 0n;
}

/** Compensating groups, one for each job on both sides, until nothing is missing. */
async function takeBack(tx: Tx, withdrawal: Withdrawal, round: "settled" | "forfeited"): Promise<void> {
  const { accountId, place } = withdrawal;
  let missing = await findShortfall(tx, withdrawal);
  for (const { jobId, lines, mostMicro } of await listPromised(tx, accountId)) {
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
    await postAccountGroup(tx, ref, [
      { accountId, side: "clearing", amountMicro: -sum },
      { accountId, side: "available", amountMicro: sum },
    ]);
  }
}
