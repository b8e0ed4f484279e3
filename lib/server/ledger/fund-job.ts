import "server-only";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Tx } from "../db/client.ts";
import { sumLeaving } from "./budgets/budget-store.ts";
import { postAccountGroup, postJobGroup } from "./ledger-store.ts";
import { sumAccount } from "./posting-sum-store.ts";

/** `purse` is the job's. */
type Funding = { jobId: JobId; accountId: AccountId; purse: number; amountMicro: Micro };

/**
 * Moves money of an account into a job's escrow, out of the purse that the job names: two groups with one ref, meeting in the clearing sides.
 * `reservedMicro` is what was reserved before, where the job has been funded already. Throws `funds_short` if the account has less. Locks the account's row, so that two jobs cannot spend the same money.
 */
export async function fundJob(tx: Tx, funding: Funding & { reservedMicro?: Micro }): Promise<void> {
  const { jobId, reservedMicro } = funding;
  // What was reserved before numbers a later funding.
  await reserve(tx, { ...funding, ref: reservedMicro === undefined ? `fund:${jobId}` : `fund:${jobId}:${reservedMicro}` });
}

/** The same for somebody else than the job's owner; `putMicro` is what they put in before. */
export async function contributeToJob(tx: Tx, funding: Funding & { putMicro: Micro }): Promise<void> {
  await reserve(tx, { ...funding, ref: `fund:${funding.jobId}:${funding.accountId}:${funding.putMicro}` });
}

async function reserve(tx: Tx, { jobId, accountId, purse, amountMicro, ref }: Funding & { ref: string }): Promise<void> {
  // Weaker than `for update`: rows that refer to the account, inserted before by the same transactions, hold a key share that it would wait for.
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for no key update`;
  const { sides } = await sumAccount(tx, accountId, purse);
  // What is being taken out of the contract can pay nothing any more.
  const availableMicro = (sides.available ?? 0n) - (await sumLeaving(tx, accountId, purse));
  if (availableMicro < amountMicro) throw new ApiError("funds_short", { need: String(amountMicro), have: String(availableMicro) });
  await postAccountGroup(tx, { ref, purse }, [
    { accountId, side: "available", amountMicro: -amountMicro },
    { accountId, side: "clearing", amountMicro },
  ]);
  await postJobGroup(tx, {
    jobId,
    ref,
    lines: [
      { side: "clearing", amountMicro: -amountMicro },
      { side: "escrow", amountMicro },
    ],
  });
}
