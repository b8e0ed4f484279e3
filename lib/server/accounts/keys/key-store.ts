import "server-only";
import { type AccountId, idOf, type JobId, type KeyId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type ApiKey = {
  id: KeyId;
  name: string;
  /** The last four characters of the secret. */
  hint: string;
  scopes: KeyScope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** The only job it may see and change; null for all. */
  jobId: JobId | null;
  spendDayMicro: Micro | null;
  spendTotalMicro: Micro | null;
  /** What its jobs reserved today and in total. */
  spent: { dayMicro: Micro; totalMicro: Micro };
};

type KeyRow = {
  id: string;
  name: string;
  hint: string;
  scopes: KeyScope[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  job_id: string | null;
  day_limit: string | null;
  total_limit: string | null;
  day: string;
  total: string;
};

function toApiKey(row: KeyRow): ApiKey {
  return {
    id: idOf("key", row.id),
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    jobId: row.job_id === null ? null : idOf("job", row.job_id),
    spendDayMicro: toMicro(row.day_limit),
    spendTotalMicro: toMicro(row.total_limit),
    spent: { dayMicro: BigInt(row.day), totalMicro: BigInt(row.total) },
  };
}

function toMicro(text: string | null): Micro | null {
  return text === null ? null : BigInt(text);
}

type Limits = "jobId" | "spendDayMicro" | "spendTotalMicro";
/** A limit that is left out is none. */
export type NewKey = Omit<ApiKey, "lastUsedAt" | "spent" | Limits> & Partial<Pick<ApiKey, Limits>> & { accountId: AccountId; secretHash: string };

/** Inserts a key; only the hash of its secret is kept. */
export async function insertKey(tx: Tx, key: NewKey): Promise<void> {
  await tx`
    insert into api_keys (id, account_id, name, hint, secret_hash, scopes, created_at, expires_at, job_id, spend_day_micro, spend_total_micro)
    values (${uuidOf(key.id)}, ${uuidOf(key.accountId)}, ${key.name}, ${key.hint}, ${key.secretHash}, ${key.scopes}, ${key.createdAt}, ${key.expiresAt},
      ${key.jobId ? uuidOf(key.jobId) : null}, ${key.spendDayMicro?.toString() ?? null}, ${key.spendTotalMicro?.toString() ?? null})`;
}

/** The account's keys that are not revoked, newest first, with what each spent on the day of `now`. */
export async function listKeyRows(reader: Reader, accountId: AccountId, now: Date): Promise<ApiKey[]> {
  const rows = await reader<KeyRow[]>`
    select id, name, hint, scopes, created_at, expires_at, last_used_at, job_id, spend_day_micro::text as day_limit, spend_total_micro::text as total_limit,
      (select coalesce(sum(amount_micro), 0)::text from key_spends s where s.key_id = api_keys.id and s.created_at >= ${startOfDay(now)}) as day,
      (select coalesce(sum(amount_micro), 0)::text from key_spends s where s.key_id = api_keys.id) as total
    from api_keys where account_id = ${uuidOf(accountId)} and revoked_at is null order by created_at desc, id desc`;
  return rows.map(toApiKey);
}

/** Revokes a key of this account; false if it has no such key. Revoking again changes nothing. */
export async function markKeyRevoked(tx: Tx, key: { id: KeyId; accountId: AccountId; at: Date }): Promise<boolean> {
  const rows = await tx`
    update api_keys set revoked_at = coalesce(revoked_at, ${key.at}) where id = ${uuidOf(key.id)} and account_id = ${uuidOf(key.accountId)} returning id`;
  return rows.length === 1;
}

/** What a key may spend, its row locked until the transaction ends. A key that is gone may spend nothing. */
export async function lockKeyLimits(tx: Tx, id: KeyId): Promise<{ spendDayMicro: Micro | null; spendTotalMicro: Micro | null }> {
  const [row] = await tx<{ day: string | null; total: string | null }[]>`
    select spend_day_micro::text as day, spend_total_micro::text as total from api_keys where id = ${uuidOf(id)} and revoked_at is null for no key update`;
  return row ? { spendDayMicro: toMicro(row.day), spendTotalMicro: toMicro(row.total) } : { spendDayMicro: 0n, spendTotalMicro: 0n };
}

/** What jobs of a key reserved since `dayStart`, and ever. */
export async function sumKeySpends(reader: Reader, id: KeyId, dayStart: Date): Promise<{ dayMicro: Micro; totalMicro: Micro }> {
  const [row] = await reader<{ day: string; total: string }[]>`
    select coalesce(sum(amount_micro) filter (where created_at >= ${dayStart}), 0)::text as day, coalesce(sum(amount_micro), 0)::text as total
    from key_spends where key_id = ${uuidOf(id)}`;
  return { dayMicro: BigInt(row?.day ?? 0), totalMicro: BigInt(row?.total ?? 0) };
}

/** Notes what a job of a key reserves. */
export async function insertKeySpend(tx: Tx, spend: { keyId: KeyId; jobId: JobId; amountMicro: Micro; at: Date }): Promise<void> {
  await tx`
    insert into key_spends (key_id, job_id, amount_micro, created_at)
    values (${uuidOf(spend.keyId)}, ${uuidOf(spend.jobId)}, ${String(spend.amountMicro)}, ${spend.at})
    on conflict (key_id, job_id) do update set amount_micro = key_spends.amount_micro + excluded.amount_micro, created_at = excluded.created_at`;
}

/** Midnight (UTC) before a moment. */
export function startOfDay(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
}

export type KeyHolder = {
  jobId: JobId | null;
  keyId: KeyId;
  scopes: KeyScope[];
  lastUsedAt: Date | null;
  accountId: AccountId;
  address: string | null;
  roles: string[];
};

/** Whom a secret speaks for, or null if it is unknown, revoked or expired. One read by the unique index of the hash. */
export async function findKeyHolder(reader: Reader, secretHash: string, now: Date): Promise<KeyHolder | null> {
  const [row] = await reader<
    { job_id: string | null; id: string; scopes: KeyScope[]; last_used_at: Date | null; account_id: string; address: string | null; roles: string[] }[]
  >`
    select k.id, k.job_id, k.scopes, k.last_used_at, a.id as account_id, a.address, a.roles
    from api_keys k join accounts a on a.id = k.account_id
    where k.secret_hash = ${secretHash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})`;
  if (!row) return null;
  return {
    keyId: idOf("key", row.id),
    jobId: row.job_id === null ? null : idOf("job", row.job_id),
    scopes: row.scopes,
    lastUsedAt: row.last_used_at,
    accountId: idOf("acc", row.account_id),
    address: row.address,
    roles: row.roles,
  };
}

/** Notes that a key was used. */
export async function touchKey(tx: Tx, keyId: KeyId, at: Date): Promise<void> {
  await tx`update api_keys set last_used_at = ${at} where id = ${uuidOf(keyId)} and (last_used_at is null or last_used_at < ${at})`;
}
