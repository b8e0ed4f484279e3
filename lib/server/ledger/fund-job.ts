import "server-only";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Tx } from "../db/client.ts";
import { sumLeaving } from "./budgets/budget-store.ts";
import { postAccountGroup, postJobGroup } from "./ledger-store.ts";
import { sumAccount } from "./posting-sum-store.ts";

/**
 * Moves the worst cost of a job from its owner into the job's escrow: two groups with one ref, meeting in the clearing sides.
 * `reservedMicro` is what was reserved before, where the job has been funded already. Throws `funds_short` if the owner has less. Locks the account's row, so that two jobs cannot spend the same money.
 */
export async function fundJob(tx: Tx, funding: { jobId: JobId; accountId: AccountId; amountMicro: Micro; reservedMicro?: Micro }): Promise<void> {
  const { jobId, accountId, amountMicro, reservedMicro } = funding;
  // Weaker than `for update`: rows that refer to the account, inserted before by the same transactions, hold a key share that it would wait for.
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for no key update`;
  const { sides } = await sumAccount(tx, accountId);
  // What its owner is taking out of the contract can pay nothing any more.
  const availableMicro = (sides.available ?? 0n) - (await sumLeaving(tx, accountId));
  if (availableMicro < amountMicro) throw new ApiError("funds_short", { need: String(amountMicro), have: String(availableMicro) });
  // What was reserved before numbers a later funding.
  const ref = reservedMicro === undefined ? `fund:${jobId}` : `fund:${jobId}:${reservedMicro}`;
  await postAccountGroup(tx, ref, [
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
