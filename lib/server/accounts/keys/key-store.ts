import "server-only";
import { type AccountId, idOf, type KeyId, uuidOf } from "#lib/domain/ids.ts";
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
};

type KeyRow = { id: string; name: string; hint: string; scopes: KeyScope[]; created_at: Date; expires_at: Date | null; last_used_at: Date | null };

function toApiKey(row: KeyRow): ApiKey {
  return {
    id: idOf("key", row.id),
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

export type NewKey = Omit<ApiKey, "lastUsedAt"> & { accountId: AccountId; secretHash: string };

/** Inserts a key; only the hash of its secret is kept. */
export async function insertKey(tx: Tx, key: NewKey): Promise<void> {
  await tx`
    insert into api_keys (id, account_id, name, hint, secret_hash, scopes, created_at, expires_at)
    values (${uuidOf(key.id)}, ${uuidOf(key.accountId)}, ${key.name}, ${key.hint}, ${key.secretHash}, ${key.scopes}, ${key.createdAt}, ${key.expiresAt})`;
}

/** The account's keys that are not revoked, newest first. */
export async function listKeyRows(reader: Reader, accountId: AccountId): Promise<ApiKey[]> {
  const rows = await reader<KeyRow[]>`
    select id, name, hint, scopes, created_at, expires_at, last_used_at from api_keys
    where account_id = ${uuidOf(accountId)} and revoked_at is null order by created_at desc, id desc`;
  return rows.map(toApiKey);
}

/** Revokes a key of this account; false if it has no such key. Revoking again changes nothing. */
export async function markKeyRevoked(tx: Tx, key: { id: KeyId; accountId: AccountId; at: Date }): Promise<boolean> {
  const rows = await tx`
    update api_keys set revoked_at = coalesce(revoked_at, ${key.at}) where id = ${uuidOf(key.id)} and account_id = ${uuidOf(key.accountId)} returning id`;
  return rows.length === 1;
}

export type KeyHolder = { keyId: KeyId; scopes: KeyScope[]; lastUsedAt: Date | null; accountId: AccountId; address: string; roles: string[] };

/** Whom a secret speaks for, or null if it is unknown, revoked or expired. One read by the unique index of the hash. */
export async function findKeyHolder(reader: Reader, secretHash: string, now: Date): Promise<KeyHolder | null> {
  const [row] = await reader<{ id: string; scopes: KeyScope[]; last_used_at: Date | null; account_id: string; address: string; roles: string[] }[]>`
    select k.id, k.scopes, k.last_used_at, a.id as account_id, a.address, a.roles
    from api_keys k join accounts a on a.id = k.account_id
    where k.secret_hash = ${secretHash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})`;
  if (!row) return null;
  return {
    keyId: idOf("key", row.id),
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
