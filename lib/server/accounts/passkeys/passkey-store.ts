import "server-only";
import { type AccountId, idOf, type PasskeyId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

/** What an authenticator said when it made the key. */
export type NewPasskey = {
  id: PasskeyId;
  accountId: AccountId;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
  isSynced: boolean;
  isBackedUp: boolean;
  name: string;
  createdAt: Date;
};
export type Passkey = NewPasskey & { lastUsedAt: Date | null };
type Row = Omit<Passkey, "id" | "accountId"> & { id: string; accountId: string };

function toPasskey(row: Row): Passkey {
  return { ...row, id: idOf("psk", row.id), accountId: idOf("acc", row.accountId) };
}

const columns = (reader: Reader) => reader`
  id, account_id as "accountId", credential_id as "credentialId", public_key as "publicKey", counter::float8 as counter, transports, is_synced as "isSynced",
  is_backed_up as "isBackedUp", name, created_at as "createdAt", last_used_at as "lastUsedAt"`;

/** Keeps a passkey; false, changing nothing, if its credential is known already. */
export async function insertPasskey(tx: Tx, key: NewPasskey): Promise<boolean> {
  const rows = await tx`
    insert into passkeys (id, account_id, credential_id, public_key, counter, transports, is_synced, is_backed_up, name, created_at)
    values (${uuidOf(key.id)}, ${uuidOf(key.accountId)}, ${key.credentialId}, ${Buffer.from(key.publicKey)}, ${key.counter}, ${key.transports}::text[],
      ${key.isSynced}, ${key.isBackedUp}, ${key.name}, ${key.createdAt})
    on conflict (credential_id) do nothing returning id`;
  return rows.length === 1;
}

/** The account's passkeys, the oldest first. */
export async function listPasskeyRows(reader: Reader, accountId: AccountId): Promise<Passkey[]> {
  const rows = await reader<Row[]>`select ${columns(reader)} from passkeys where account_id = ${uuidOf(accountId)} order by created_at, id`;
  return rows.map(toPasskey);
}

/** A passkey by the name its authenticator gave it, locked until the transaction ends, so that two uses are counted one after the other; null if unknown. */
export async function lockPasskey(tx: Tx, credentialId: string): Promise<Passkey | null> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from passkeys where credential_id = ${credentialId} for update`;
  return row ? toPasskey(row) : null;
}

/** Notes a use. */
export async function touchPasskey(tx: Tx, used: Pick<Passkey, "id" | "counter" | "isSynced" | "isBackedUp"> & { at: Date }): Promise<void> {
  await tx`
    update passkeys set counter = ${used.counter}, is_synced = ${used.isSynced}, is_backed_up = ${used.isBackedUp}, last_used_at = ${used.at}
    where id = ${uuidOf(used.id)}`;
}

/** Forgets a passkey of this account; false if it has no such. */
export async function deletePasskey(tx: Tx, accountId: AccountId, id: PasskeyId): Promise<boolean> {
  return (await tx`delete from passkeys where id = ${uuidOf(id)} and account_id = ${uuidOf(accountId)} returning id`).length === 1;
}
