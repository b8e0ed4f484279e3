import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { UPLOAD_BYTES_MIN } from "#lib/domain/quota/quotas.ts";
import type { Db, Reader, Tx } from "../db/client.ts";

/** Keeps others from counting what the account has until the transaction ends. Rows that refer to the account may be inserted meanwhile. */
export async function lockQuotas(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for no key update`;
}

type Day = { accountId: AccountId; day: string };

/**
 * Adds bytes to what the account sent on a day; false, and nothing added, where it would become more than `bytesMax`. One statement, so that uploads side by
 * side get no more together than one alone.
 */
export async function takeUploadBytes(db: Db, { accountId, day }: Day, { bytes, bytesMax }: { bytes: number; bytesMax: number }): Promise<boolean> {
  const taken = await db`
    insert into upload_days as u (account_id, day, bytes) select ${uuidOf(accountId)}::uuid, ${day}::date, ${bytes}::bigint where ${bytes}::bigint <= ${bytesMax}::bigint
    on conflict (account_id, day) do update set bytes = u.bytes + excluded.bytes where u.bytes + excluded.bytes <= ${bytesMax}::bigint returning 1`;
  return taken.length > 0;
}

/** Takes back what was counted before it was sent, and was not. */
export async function returnUploadBytes(db: Db, { accountId, day }: Day, bytes: number): Promise<void> {
  await db`update upload_days set bytes = greatest(0, bytes - ${bytes}) where account_id = ${uuidOf(accountId)} and day = ${day}`;
}

/** Forgets what was sent on days before this one. */
export async function deleteUploadDays(reader: Reader, before: string): Promise<void> {
  await reader`delete from upload_days where day < ${before}`;
}

/** Bytes of the account's artifacts, each counted for at least `UPLOAD_BYTES_MIN`. */
export async function sumKeptBytes(reader: Reader, accountId: AccountId): Promise<number> {
  const [row] = await reader<{ bytes: number }[]>`
    select coalesce(sum(greatest(a.bytes, ${UPLOAD_BYTES_MIN}::bigint)), 0)::float8 as bytes
    from artifact_owners o join artifacts a on a.sha256 = o.sha256 where o.account_id = ${uuidOf(accountId)}`;
  return row?.bytes ?? 0;
}

/** Bytes of accepted outputs of the account's jobs, as far as they are kept. */
export async function sumOutputBytes(reader: Reader, accountId: AccountId): Promise<number> {
  const [row] = await reader<{ bytes: number }[]>`
    select coalesce(sum(c.output_bytes), 0)::float8 as bytes
    from jobs j join job_counters c on c.job_id = j.id where j.account_id = ${uuidOf(accountId)} and j.results_gone_at is null`;
  return row?.bytes ?? 0;
}

/** The account's jobs that have not ended; counts no further than `countMax`. */
export async function countOpenJobs(reader: Reader, accountId: AccountId, countMax: number): Promise<number> {
  const [row] = await reader<{ count: number }[]>`
    select count(*)::int as count from (
      select 1 from jobs where account_id = ${uuidOf(accountId)} and ended_at is null limit ${countMax}) as open`;
  return row?.count ?? 0;
}
