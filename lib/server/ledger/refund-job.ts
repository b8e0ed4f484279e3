import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { splitReturn } from "#lib/domain/ledger/stakes.ts";
import type { Tx } from "../db/client.ts";
import { type AccountPosting, findPurse, getJobMoney, postAccountGroup, postJobGroup } from "./ledger-store.ts";
import { findStakes } from "./stake-store.ts";

/**
 * Returns what an ended job's escrow holds beyond `keepMicro` (what open grants may still cost) to its owner, or to all who funded it by their shares. Returns the amount.
 * The caller holds the job's exclusive lock, so no settlement runs at the same time.
 */
export async function refundJob(tx: Tx, refund: { jobId: JobId; accountId: AccountId; keepMicro: Micro }): Promise<Micro> {
  const { jobId, accountId, keepMicro } = refund;
  const money = await getJobMoney(tx, jobId);
  const amountMicro = money.heldMicro - keepMicro;
  if (amountMicro <= 0n) return 0n;
  // What was returned before numbers the refund: a repeat in another process posts nothing new.
  const ref = `refund:${jobId}:${money.returnedMicro}`;
  // Before the job's own group moves what it holds.
  const lines = await linesOf(tx, { jobId, accountId, amountMicro });
  await postJobGroup(tx, {
    jobId,
    ref,
    lines: [
      { side: "escrow", amountMicro: -amountMicro },
      { side: "clearing", amountMicro },
    ],
  });
  await postAccountGroup(tx, { ref, purse: await findPurse(tx, jobId) }, lines);
  return amountMicro;
}

async function linesOf(tx: Tx, { jobId, accountId, amountMicro }: { jobId: JobId; accountId: AccountId; amountMicro: Micro }): Promise<AccountPosting[]> {
  const stakes = await findStakes(tx, jobId);
  const parts = stakes ? splitReturn(stakes, amountMicro) : [amountMicro];
  return (stakes ?? [{ accountId }]).flatMap((to, i): AccountPosting[] => [
    { accountId: to.accountId, side: "clearing", amountMicro: -(parts[i] ?? 0n) },
    { accountId: to.accountId, side: "available", amountMicro: parts[i] ?? 0n },
  ]);
}
