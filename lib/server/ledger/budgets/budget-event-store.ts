import "server-only";
import { type AccountId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../../db/client.ts";

/** Adds a deposit to a budget, which it opens if it is the first. A deposit ends an exit, as in the contract. */
export async function upsertBudget(
  tx: Tx,
  chainId: number,
  deposit: { key: string; budgetId: string; accountId: AccountId; amountMicro: Micro },
): Promise<void> {
  await tx`
    insert into budgets (chain_id, key, account_id, budget_id, balance_micro, epoch_cap_micro)
    values (${chainId}, ${deposit.key}, ${uuidOf(deposit.accountId)}, ${deposit.budgetId}, ${String(deposit.amountMicro)}, 0)
    on conflict (chain_id, key) do update set balance_micro = budgets.balance_micro + excluded.balance_micro, withdraw_at = null`;
}

/** The most that one epoch may take. A budget that never had a deposit has nothing to take and is not kept. */
export async function setBudgetCap(tx: Tx, chainId: number, cap: { key: string; capMicro: Micro }): Promise<void> {
  await tx`update budgets set epoch_cap_micro = ${String(cap.capMicro)} where chain_id = ${chainId} and key = ${cap.key}`;
}

/** Begins or ends a budget's exit. */
export async function setBudgetExit(tx: Tx, chainId: number, exit: { key: string; at: Date | null }): Promise<void> {
  await tx`update budgets set withdraw_at = ${exit.at} where chain_id = ${chainId} and key = ${exit.key}`;
}

/** Adds to or takes from a budget; says whose it is and how many releases it has seen. Throws for one that is not known. */
export async function moveBudget(
  tx: Tx,
  chainId: number,
  move: { key: string; amountMicro: Micro; isRelease?: boolean },
): Promise<{ accountId: AccountId; releases: number }> {
  const [row] = await tx<{ id: string; releases: number }[]>`
    update budgets set balance_micro = balance_micro + ${String(move.amountMicro)}::bigint, releases = releases + ${move.isRelease ? 1 : 0}
    where chain_id = ${chainId} and key = ${move.key} returning account_id as id, releases`;
  if (!row) throw new Error(`the chain moved the budget ${move.key}, to which nothing was ever deposited`);
  return { accountId: idOf("acc", row.id), releases: row.releases };
}
