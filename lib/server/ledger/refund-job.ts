import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../db/client.ts";
import { getJobMoney, postAccountGroup, postJobGroup } from "./ledger-store.ts";

/**
 * Returns what an ended job's escrow holds beyond `keepMicro` (what open grants may still cost) to its owner. Returns the amount.
 * The caller holds the job's exclusive lock, so no settlement runs at the same time.
 */
export async function refundJob(tx: Tx, refund: { jobId: JobId; accountId: AccountId; keepMicro: Micro }): Promise<Micro> {
  const { jobId, accountId, keepMicro } = refund;
  const money = await getJobMoney(tx, jobId);
  const amountMicro = money.heldMicro - keepMicro;
  if (amountMicro <= 0n) return 0n;
  // What was returned before numbers the refund: a repeat in another process posts nothing new.
  const ref = `refund:${jobId}:${money.returnedMicro}`;
  await postJobGroup(tx, {
    jobId,
    ref,
    lines: [
      { side: "escrow", amountMicro: -amountMicro },
      { side: "clearing", amountMicro },
    ],
  });
  await postAccountGroup(tx, ref, [
    { accountId, side: "clearing", amountMicro: -amountMicro },
    { accountId, side: "available", amountMicro },
  ]);
  return amountMicro;
}
