import "server-only";
import { type AccountId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type Budget = {
  key: `0x${string}`;
  accountId: AccountId;
  budgetId: `0x${string}`;
  balanceMicro: Micro;
  epochCapMicro: Micro;
  withdrawAt: Date | null;
  releases: number;
};

type Row = Omit<Budget, "accountId"> & { accountId: string };

const columns = (reader: Reader) => reader`
  key, account_id as "accountId", budget_id as "budgetId", balance_micro as "balanceMicro", epoch_cap_micro as "epochCapMicro", withdraw_at as "withdrawAt", releases`;
const toBudget = (row: Row): Budget => ({ ...row, accountId: idOf("acc", row.accountId) });

/** The account's budgets on a chain, by key. */
export async function listBudgetsOf(reader: Reader, chainId: number, accountId: AccountId): Promise<Budget[]> {
  const rows = await reader<Row[]>`select ${columns(reader)} from budgets where chain_id = ${chainId} and account_id = ${uuidOf(accountId)} order by key`;
  return rows.map(toBudget);
}

/** The budgets of several accounts, by key. */
export async function listBudgetsOfAll(reader: Reader, chainId: number, accountIds: readonly AccountId[]): Promise<Budget[]> {
  const rows = await reader<Row[]>`
    select ${columns(reader)} from budgets where chain_id = ${chainId} and account_id = any(${accountIds.map(uuidOf)}::uuid[]) order by key`;
  return rows.map(toBudget);
}

/** What the contract holds for an account in all its budgets, as far as it is confirmed. */
export async function sumBudgets(reader: Reader, chainId: number, accountId: AccountId): Promise<Micro> {
  const [row] = await reader<{ sum: bigint }[]>`
    select coalesce(sum(balance_micro), 0)::bigint as sum from budgets where chain_id = ${chainId} and account_id = ${uuidOf(accountId)}`;
  return row?.sum ?? 0n;
}

export type Release = {
  key: string;
  nonce: number;
  accountId: AccountId;
  toAddress: string;
  amountMicro: Micro;
  deadline: Date;
  signature: `0x${string}`;
  state: "open" | "done" | "expired";
};

const releaseColumns = (reader: Reader) => reader`
  key, nonce, account_id as "accountId", to_address as "toAddress", amount_micro as "amountMicro", deadline, signature, state`;
type ReleaseRow = Omit<Release, "accountId"> & { accountId: string };
const toRelease = (row: ReleaseRow): Release => ({ ...row, accountId: idOf("acc", row.accountId) });

/** The newest release of each budget of an account. */
export async function listReleases(reader: Reader, chainId: number, accountId: AccountId): Promise<Release[]> {
  const rows = await reader<ReleaseRow[]>`
    select distinct on (key) ${releaseColumns(reader)} from budget_releases where chain_id = ${chainId} and account_id = ${uuidOf(accountId)} order by key, created_at desc`;
  return rows.map(toRelease);
}

/** Whether a release of the budget may still be sent. */
export async function findOpenRelease(reader: Reader, chainId: number, key: string): Promise<Release | null> {
  const [row] = await reader<ReleaseRow[]>`
    select ${releaseColumns(reader)} from budget_releases where chain_id = ${chainId} and key = ${key} and state = 'open' order by created_at desc limit 1`;
  return row ? toRelease(row) : null;
}

/** Keeps a signed release. */
export async function insertRelease(tx: Tx, chainId: number, release: Omit<Release, "state"> & { at: Date }): Promise<void> {
  await tx`
    insert into budget_releases (chain_id, key, nonce, account_id, to_address, amount_micro, deadline, signature, state, created_at)
    values (${chainId}, ${release.key}, ${release.nonce}, ${uuidOf(release.accountId)}, ${release.toAddress}, ${String(release.amountMicro)}, ${release.deadline},
      ${release.signature}, 'open', ${release.at})`;
}

/** Closes an open release; false if it was not open. */
export async function closeRelease(tx: Tx, chainId: number, release: { key: string; deadline: Date; state: "done" | "expired" }): Promise<boolean> {
  const rows = await tx`
    update budget_releases set state = ${release.state} where chain_id = ${chainId} and key = ${release.key} and deadline = ${release.deadline} and state = 'open' returning key`;
  return rows.length === 1;
}

/** Closes the open release with this number as done; false if there was none. */
export async function closeReleaseByNonce(tx: Tx, chainId: number, release: { key: string; nonce: number }): Promise<boolean> {
  const rows = await tx`
    update budget_releases set state = 'done' where chain_id = ${chainId} and key = ${release.key} and nonce = ${release.nonce} and state = 'open' returning key`;
  return rows.length > 0;
}

/** Releases that can no longer be sent: the newest block that is confirmed is younger than their deadline. */
export async function listOverdueReleases(reader: Reader, chainId: number, confirmedAt: Date): Promise<Release[]> {
  const rows = await reader<ReleaseRow[]>`
    select ${releaseColumns(reader)} from budget_releases where chain_id = ${chainId} and state = 'open' and deadline < ${confirmedAt} order by deadline`;
  return rows.map(toRelease);
}

/** What an account's budgets on the chain of a purse hold whose owner has asked for the way out: no job may count on it. */
export async function sumLeaving(reader: Reader, accountId: AccountId, purse: number): Promise<Micro> {
  const [row] = await reader<{ sum: bigint }[]>`
    select coalesce(sum(b.balance_micro), 0)::bigint as sum from budgets b join pools p on p.chain_id = b.chain_id
    where b.account_id = ${uuidOf(accountId)} and b.withdraw_at is not null and p.purse = ${purse}`;
  return row?.sum ?? 0n;
}

/** Accounts with a budget on its way out, and how much of it that is. */
export async function listLeaving(reader: Reader, chainId: number): Promise<{ accountId: AccountId; leavingMicro: Micro }[]> {
  const rows = await reader<{ id: string; sum: bigint }[]>`
    select account_id as id, sum(balance_micro)::bigint as sum from budgets where chain_id = ${chainId} and withdraw_at is not null group by account_id`;
  return rows.map((row) => ({ accountId: idOf("acc", row.id), leavingMicro: row.sum }));
}

/** Accounts that can be out of the contract with a budget before a moment. */
export async function listLeavingBefore(reader: Reader, chainId: number, at: Date): Promise<AccountId[]> {
  const rows = await reader<{ id: string }[]>`
    select distinct account_id as id from budgets where chain_id = ${chainId} and withdraw_at < ${at} and balance_micro > 0`;
  return rows.map((row) => idOf("acc", row.id));
}

export type SeenDeposit = { budgetId: `0x${string}`; amountMicro: Micro; txHash: `0x${string}`; block: number };

/** Deposits of a wallet that the chain shows and that still lack confirmations. */
export async function listSeenDeposits(reader: Reader, chainId: number, owner: string): Promise<SeenDeposit[]> {
  const rows = await reader<{ budgetId: `0x${string}`; amount: string; txHash: `0x${string}`; block: bigint }[]>`
    select args ->> 'budgetId' as "budgetId", args ->> 'amount' as amount, tx_hash as "txHash", block_number as block from chain_events
    where chain_id = ${chainId} and not is_confirmed and name = 'BudgetFunded' and args ->> 'owner' = ${owner.toLowerCase()} order by block_number, log_index`;
  return rows.map((row) => ({ budgetId: row.budgetId, amountMicro: BigInt(row.amount), txHash: row.txHash, block: Number(row.block) }));
}
