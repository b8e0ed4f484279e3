import "server-only";
import { type AccountId, idOf, type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type StoredAccount = { address: string | null; roles: string[]; createdAt: Date };

/** The account's own row. */
export async function getStoredAccount(reader: Reader, accountId: AccountId): Promise<StoredAccount> {
  const [row] = await reader<StoredAccount[]>`select address, roles, created_at as "createdAt" from accounts where id = ${uuidOf(accountId)}`;
  if (!row) throw new Error(`the account ${accountId} of a principal does not exist`);
  return row;
}

type StoredKey = {
  id: string;
  name: string;
  hint: string;
  scopes: KeyScope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  jobId: string | null;
  spendDayMicro: string | null;
  spendTotalMicro: string | null;
};

/** All keys of the account, revoked ones too; never a hash. */
export async function listStoredKeys(reader: Reader, accountId: AccountId): Promise<StoredKey[]> {
  return await reader<StoredKey[]>`
    select id, name, hint, scopes, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt",
      job_id as "jobId", spend_day_micro::text as "spendDayMicro", spend_total_micro::text as "spendTotalMicro"
    from api_keys where account_id = ${uuidOf(accountId)} order by created_at, id`;
}

/** The devices that are linked to the account, and those that check its jobs. */
export async function listLinkedDevices(reader: Reader, accountId: AccountId) {
  return await reader<{ id: string; kind: string; cores: number; createdAt: Date; lastSeenAt: Date }[]>`
    select id, kind, cores, created_at as "createdAt", last_seen_at as "lastSeenAt" from devices where account_id = ${uuidOf(accountId)} or checks_for = ${uuidOf(accountId)}
    order by created_at, id`;
}

/** What the account uploaded. */
export async function listUploads(reader: Reader, accountId: AccountId) {
  return await reader<{ sha256: Sha256; bytes: number; createdAt: Date }[]>`
    select o.sha256, a.bytes::float8 as bytes, o.created_at as "createdAt" from artifact_owners o join artifacts a using (sha256)
    where o.account_id = ${uuidOf(accountId)} order by o.created_at, o.sha256`;
}

/** Every job of the account, as it was submitted. */
export async function listStoredJobs(reader: Reader, accountId: AccountId) {
  return await reader<{ id: string; state: string; submission: unknown; shards: number; createdAt: Date; endedAt: Date | null }[]>`
    select id, state, spec as submission, shard_count as shards, created_at as "createdAt", ended_at as "endedAt" from jobs
    where account_id = ${uuidOf(accountId)} order by created_at, id`;
}

/** The account's side of the books. */
export async function listPostings(reader: Reader, accountId: AccountId) {
  return await reader<{ ref: string; purse: number; side: string; amountMicro: bigint; createdAt: Date }[]>`
    select ref, purse, side, amount_micro as "amountMicro", created_at as "createdAt" from account_postings
    where account_id = ${uuidOf(accountId)} order by created_at, ref, side`;
}

/** Holds the account until the transaction ends: a job that is submitted meanwhile refers to it and waits. */
export async function lockAccount(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for update`;
}

/** Jobs of the account, and jobs that it put money into, in which something still moves: shards, replicas that may report, or money. With a purse, those that it pays. */
export async function listUnclosedJobs(
  reader: Reader,
  accountId: AccountId,
  { limit, purse = null }: { limit: number; purse?: number | null },
): Promise<{ id: JobId; name: string }[]> {
  const rows = await reader<{ id: string; name: string }[]>`
    select id, name from jobs where (account_id = ${uuidOf(accountId)} or id in (select job_id from job_funders where account_id = ${uuidOf(accountId)})) and closed_at is null
      and (${purse}::int is null or purse = ${purse}::int)
    order by created_at desc limit ${limit}`;
  return rows.map(({ id, name }) => ({ id: idOf("job", id), name }));
}

/**
 * Takes from the account all that names somebody or was written by them. Its number stays, because the books and the votes refer to it. Returns the
 * artifacts that nobody refers to any more; their rows are gone.
 */
export async function eraseAccount(tx: Tx, accountId: AccountId, pseudonym: string): Promise<Sha256[]> {
  const account = uuidOf(accountId);
  await tx`delete from api_keys where account_id = ${account}`;
  await tx`delete from idempotency_keys where account_id = ${account}`;
  await tx`delete from passkeys where account_id = ${account}`;
  await tx`delete from job_folds where job_id in (select id from jobs where account_id = ${account})`;
  await tx`delete from upload_days where account_id = ${account}`;
  await tx`delete from pool_members where account_id = ${account}`;
  await tx`
    update jobs set name = '', spec = jsonb_set(spec || '{"name": "", "description": "", "topic": "", "files": []}'::jsonb, '{program,args}', '[]'::jsonb)
    where account_id = ${account}`;
  const freed = await tx<{ sha256: Sha256 }[]>`
    with uploads as (delete from artifact_owners where account_id = ${account} returning sha256),
      uses as (delete from job_artifacts where job_id in (select id from jobs where account_id = ${account}) returning sha256)
    select sha256 from uploads union select sha256 from uses order by sha256`;
  // Its own statement: one that deletes in a `with` still sees the rows as they were before.
  const unused = await tx<{ sha256: Sha256 }[]>`
    delete from artifacts a where a.sha256 = any(${freed.map(({ sha256 }) => sha256)}::text[])
      and not exists (select 1 from artifact_owners o where o.sha256 = a.sha256) and not exists (select 1 from job_artifacts j where j.sha256 = a.sha256)
    returning a.sha256`;
  // A date that every runtime can compare: infinity would become one that is neither before nor after anything.
  await tx`update accounts set address = ${pseudonym}, roles = '{}', sessions_valid_from = '9999-12-31Z' where id = ${account}`;
  return unused.map(({ sha256 }) => sha256);
}
