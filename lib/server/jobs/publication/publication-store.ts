import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { accountName } from "../../accounts/account-store.ts";
import type { Reader, Tx } from "../../db/client.ts";

/** Since when a job is public; null if it is not. */
export async function findPublication(reader: Reader, jobId: JobId): Promise<Date | null> {
  const [row] = await reader<{ published_at: Date }[]>`select published_at from job_pages where job_id = ${uuidOf(jobId)}`;
  return row?.published_at ?? null;
}

/** Makes a job public; one that is already stays so since it was. */
export async function insertPublication(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`insert into job_pages (job_id, published_at) values (${uuidOf(jobId)}, ${at}) on conflict (job_id) do nothing`;
}

export async function deletePublication(tx: Tx, jobId: JobId): Promise<void> {
  await tx`delete from job_pages where job_id = ${uuidOf(jobId)}`;
}

/** Takes back every public page of an account's jobs. */
export async function deletePublications(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`delete from job_pages where job_id in (select id from jobs where account_id = ${uuidOf(accountId)})`;
}

/** Whose public job it is, with the name others know them by; null for a job that is not public. */
export async function findPublicOwner(reader: Reader, jobId: JobId): Promise<{ accountId: AccountId; name: string; publishedAt: Date } | null> {
  const [row] = await reader<{ account_id: string; name: string; published_at: Date }[]>`
    select j.account_id, ${accountName(reader)} as name, p.published_at from job_pages p join jobs j on j.id = p.job_id join accounts a on a.id = j.account_id
    where p.job_id = ${uuidOf(jobId)}`;
  return row ? { accountId: idOf("acc", row.account_id), name: row.name, publishedAt: row.published_at } : null;
}
