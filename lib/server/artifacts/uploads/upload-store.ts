import "server-only";
import { type AccountId, idOf, type Sha256, type UploadId, uuidOf } from "#lib/domain/ids.ts";
import type { UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type OpenUpload = { uploadId: UploadId; part: UploadPart; sha256: Sha256; bytes: number; receivedBytes: number; expiresAt: Date };

type UploadRow = { id: string; part: UploadPart; sha256: Sha256; bytes: number; received_bytes: number; expires_at: Date };

function toUpload(row: UploadRow): OpenUpload {
  const { part, sha256, bytes, received_bytes, expires_at } = row;
  return { uploadId: idOf("upl", row.id), part, sha256, bytes: Number(bytes), receivedBytes: Number(received_bytes), expiresAt: expires_at };
}

type Announced = { accountId: AccountId; uploadId: UploadId; part: UploadPart; sha256: Sha256; bytes: number; at: Date; expiresAt: Date };

/** Opens an upload, or finds the account's of the same bytes, whose time begins anew. */
export async function upsertUpload(tx: Tx, { accountId, uploadId, part, sha256, bytes, at, expiresAt }: Announced): Promise<OpenUpload> {
  const [row] = await tx<UploadRow[]>`
    insert into uploads (id, account_id, part, sha256, bytes, created_at, expires_at)
    values (${uuidOf(uploadId)}, ${uuidOf(accountId)}, ${part}, ${sha256}, ${bytes}, ${at}, ${expiresAt})
    on conflict (account_id, sha256, bytes) do update set part = excluded.part, expires_at = excluded.expires_at
    returning id, part, sha256, bytes, received_bytes, expires_at`;
  if (!row) throw new Error("an upload was neither inserted nor found");
  return toUpload(row);
}

/** The account's upload, if it has not expired. */
export async function findUpload(reader: Reader, accountId: AccountId, uploadId: UploadId, at: Date): Promise<OpenUpload | null> {
  const [row] = await reader<UploadRow[]>`
    select id, part, sha256, bytes, received_bytes, expires_at from uploads
    where id = ${uuidOf(uploadId)} and account_id = ${uuidOf(accountId)} and expires_at > ${at}`;
  return row ? toUpload(row) : null;
}

/** Notes that the first `receivedBytes` are synced; never fewer than another request noted. Null when the upload is gone. */
export async function advanceUpload(reader: Reader, uploadId: UploadId, { receivedBytes, expiresAt }: { receivedBytes: number; expiresAt: Date }) {
  const [row] = await reader<UploadRow[]>`
    update uploads set received_bytes = greatest(received_bytes, ${receivedBytes}), expires_at = ${expiresAt} where id = ${uuidOf(uploadId)}
    returning id, part, sha256, bytes, received_bytes, expires_at`;
  return row ? toUpload(row) : null;
}

/** Sets back to where the bytes really end, after some were lost with a disk. */
export async function rewindUpload(reader: Reader, uploadId: UploadId, receivedBytes: number): Promise<void> {
  await reader`update uploads set received_bytes = least(received_bytes, ${receivedBytes}) where id = ${uuidOf(uploadId)}`;
}

/** Whether there was such an upload. */
export async function removeUpload(reader: Reader, accountId: AccountId, uploadId: UploadId): Promise<boolean> {
  const { count } = await reader`delete from uploads where id = ${uuidOf(uploadId)} and account_id = ${uuidOf(accountId)}`;
  return count > 0;
}

/** How many other uploads the account has open, and of how many bytes as announced. */
export async function sumOpenUploads(
  reader: Reader,
  accountId: AccountId,
  except: { sha256: Sha256; bytes: number },
): Promise<{ count: number; bytes: number }> {
  const [row] = await reader<{ count: number; bytes: number }[]>`
    select count(*)::int as count, coalesce(sum(bytes), 0)::float8 as bytes from uploads
    where account_id = ${uuidOf(accountId)} and not (sha256 = ${except.sha256} and bytes = ${except.bytes})`;
  return row ?? { count: 0, bytes: 0 };
}

/** Uploads whose time is over, the oldest first. */
export async function listExpiredUploads(reader: Reader, at: Date, limit: number): Promise<UploadId[]> {
  const rows = await reader<{ id: string }[]>`select id from uploads where expires_at <= ${at} order by expires_at limit ${limit}`;
  return rows.map(({ id }) => idOf("upl", id));
}

/** Deletes an upload that is still expired. */
export async function deleteExpiredUpload(reader: Reader, uploadId: UploadId, at: Date): Promise<void> {
  await reader`delete from uploads where id = ${uuidOf(uploadId)} and expires_at <= ${at}`;
}

/** What the account has open. */
export async function listOpenUploads(reader: Reader, accountId: AccountId) {
  return await reader<{ sha256: Sha256; bytes: number; receivedBytes: number; createdAt: Date }[]>`
    select sha256, bytes::float8 as bytes, received_bytes::float8 as "receivedBytes", created_at as "createdAt" from uploads
    where account_id = ${uuidOf(accountId)} order by created_at, id`;
}

/** Takes all that the account has open; the bytes are the caller's to remove. */
export async function deleteUploadsOf(tx: Tx, accountId: AccountId): Promise<UploadId[]> {
  const rows = await tx<{ id: string }[]>`delete from uploads where account_id = ${uuidOf(accountId)} returning id`;
  return rows.map(({ id }) => idOf("upl", id));
}
