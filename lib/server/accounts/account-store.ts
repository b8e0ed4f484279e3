import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

export type Account = {
  id: AccountId;
  /** Of its wallet, with EIP-55's checksum; null where only passkeys open it. */
  address: string | null;
  roles: string[];
  /** Sessions issued before are ended. */
  sessionsValidFrom: Date;
};

type AccountRow = { id: string; address: string | null; roles: string[]; sessions_valid_from: Date };

function toAccount(row: AccountRow): Account {
  return { id: idOf("acc", row.id), address: row.address, roles: row.roles, sessionsValidFrom: row.sessions_valid_from };
}

/** The account, or null. */
export async function findAccount(reader: Reader, accountId: AccountId): Promise<Account | null> {
  const [row] = await reader<AccountRow[]>`select id, address, roles, sessions_valid_from from accounts where id = ${uuidOf(accountId)}`;
  return row ? toAccount(row) : null;
}

/** The account of a wallet, or null. */
export async function findAccountByAddress(reader: Reader, address: string): Promise<Account | null> {
  const [row] = await reader<AccountRow[]>`select id, address, roles, sessions_valid_from from accounts where address = ${address}`;
  return row ? toAccount(row) : null;
}

/** What others know an account of the table `a` by: its wallet's address, or its id where it has none. */
export const accountName = (reader: Reader) => reader`coalesce(a.address, 'acc_' || replace(a.id::text, '-', ''))`;

/** The same as members of jobs are written: in lower case. */
export const memberName = (reader: Reader) => reader`lower(${accountName(reader)})`;

/** The accounts of a job's members: those whose wallet was let in, and those that were by their id. One that has no account yet is missing. */
export const memberAccounts = (reader: Reader, jobId: JobId) => reader`
  select a.id as account_id from job_members m join accounts a on lower(a.address) = m.address where m.job_id = ${uuidOf(jobId)}
  union all
  select a.id from job_members m join accounts a on a.id = case when m.address ^@ 'acc_' then substr(m.address, 5)::uuid end and a.address is null
  where m.job_id = ${uuidOf(jobId)}`;

/** Inserts an account; false, changing nothing, if the wallet has one. A second first sign-in at the same moment waits here and then sees the first. */
export async function insertAccount(tx: Tx, account: { id: AccountId; address: string | null; at: Date }): Promise<boolean> {
  const rows = await tx`
    insert into accounts (id, address, sessions_valid_from, created_at) values (${uuidOf(account.id)}, ${account.address}, ${account.at}, ${account.at})
    on conflict (address) do nothing returning id`;
  return rows.length === 1;
}

/** Gives an account without a wallet this one; false, changing nothing, if it has one. Waits for a sign-in of the wallet at the same moment, and fails if that was first. */
export async function setAddress(tx: Tx, accountId: AccountId, address: string): Promise<boolean> {
  return (await tx`update accounts set address = ${address} where id = ${uuidOf(accountId)} and address is null returning id`).length === 1;
}

/** Grants a role; an account that holds it stays as it is. */
export async function grantRole(tx: Tx, accountId: AccountId, role: string): Promise<void> {
  await tx`update accounts set roles = array_append(roles, ${role}) where id = ${uuidOf(accountId)} and not ${role} = any(roles)`;
}

/** Ends every session that was issued up to now. The moment only ever moves forward. */
export async function endSessions(tx: Tx, accountId: AccountId, now: Date): Promise<void> {
  await tx`
    update accounts set sessions_valid_from = greatest(sessions_valid_from, ${now}::timestamptz) + interval '1 millisecond' where id = ${uuidOf(accountId)}`;
}
