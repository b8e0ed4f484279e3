import "server-only";
import { type AccountId, idOf, uuidOf } from "#lib/domain/ids.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type Login = { client: string; scopes: KeyScope[]; expiresInDays: number; createdAt: Date; decision: "allowed" | "denied" | null };
export type NewLogin = Omit<Login, "decision"> & { codeHash: string; secretHash: string; expiresAt: Date };

/** Inserts a login; false if its code is taken. */
export async function insertLogin(tx: Tx, login: NewLogin): Promise<boolean> {
  const rows = await tx`
    insert into logins (code_hash, secret_hash, client, scopes, expires_in_days, created_at, expires_at)
    values (${login.codeHash}, ${login.secretHash}, ${login.client}, ${login.scopes}, ${login.expiresInDays}, ${login.createdAt}, ${login.expiresAt})
    on conflict do nothing returning code_hash`;
  return rows.length === 1;
}

/** A login that nobody has decided and that has not expired, or null. */
export async function findOpenLogin(reader: Reader, codeHash: string, now: Date): Promise<Login | null> {
  const [row] = await reader<Login[]>`
    select client, scopes, expires_in_days as "expiresInDays", created_at as "createdAt", decision from logins
    where code_hash = ${codeHash} and decision is null and expires_at > ${now}`;
  return row ?? null;
}

type Decision = { codeHash: string; decision: "allowed" | "denied"; accountId: AccountId; spendDayMicro: string | null; now: Date };

/** Decides a login in one statement, so that of two decisions one holds; false if it was decided before, has expired or never was. */
export async function markDecided(tx: Tx, { codeHash, decision, accountId, spendDayMicro, now }: Decision): Promise<boolean> {
  const rows = await tx`
    update logins set decision = ${decision}, account_id = ${uuidOf(accountId)}, spend_day_micro = ${spendDayMicro}
    where code_hash = ${codeHash} and decision is null and expires_at > ${now} returning code_hash`;
  return rows.length === 1;
}

export type Claimed = { client: string; scopes: KeyScope[]; expiresInDays: number; accountId: AccountId; spendDayMicro: string | null };

/** Where the login of this secret stands, its row locked, so that it is handed out once; null if there is none. */
export async function lockLogin(tx: Tx, secretHash: string, now: Date): Promise<Login | null> {
  const [row] = await tx<Login[]>`
    select client, scopes, expires_in_days as "expiresInDays", created_at as "createdAt", decision from logins
    where secret_hash = ${secretHash} and expires_at > ${now} for update`;
  return row ?? null;
}

/** Takes an allowed login away for good. */
export async function takeLogin(tx: Tx, secretHash: string): Promise<Claimed | null> {
  const [row] = await tx<{ client: string; scopes: KeyScope[]; days: number; account_id: string; spend: string | null }[]>`
    delete from logins where secret_hash = ${secretHash} and decision = 'allowed'
    returning client, scopes, expires_in_days as days, account_id, spend_day_micro::text as spend`;
  if (!row) return null;
  return { client: row.client, scopes: row.scopes, expiresInDays: row.days, accountId: idOf("acc", row.account_id), spendDayMicro: row.spend };
}

/** Counts a code that nobody had asked for against the account; how many there were since `from`. */
export async function countMiss(tx: Tx, accountId: AccountId, { now, from }: { now: Date; from: Date }): Promise<void> {
  await tx`
    insert into login_misses (account_id, count, since) values (${uuidOf(accountId)}, 1, ${now})
    on conflict (account_id) do update set
      count = case when login_misses.since < ${from} then 1 else login_misses.count + 1 end,
      since = case when login_misses.since < ${from} then ${now} else login_misses.since end`;
}

/** How many codes the account missed since `from`. */
export async function countMisses(reader: Reader, accountId: AccountId, from: Date): Promise<number> {
  const [row] = await reader<{ count: number }[]>`select count from login_misses where account_id = ${uuidOf(accountId)} and since >= ${from}`;
  return row?.count ?? 0;
}

/** Deletes logins whose time is over. */
export async function deleteExpiredLogins(reader: Reader, now: Date): Promise<void> {
  await reader`delete from logins where expires_at <= ${now}`;
}
