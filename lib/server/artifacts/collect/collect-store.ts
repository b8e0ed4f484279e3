import "server-only";
import { type AccountId, idOf, type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

/** Jobs that closed before a moment and still hold their uploads, those that closed first before the others. */
export async function listOverJobs(reader: Reader, closedBefore: Date, limit: number): Promise<JobId[]> {
  const rows = await reader<{ id: string }[]>`
    select id from jobs where closed_at < ${closedBefore} and files_gone_at is null order by closed_at limit ${limit}`;
  return rows.map(({ id }) => idOf("job", id));
}

/** Whether it is still one of those. The caller holds the job's lock, without which nobody lets it run again. */
export async function isJobOver(tx: Tx, jobId: JobId, closedBefore: Date): Promise<boolean> {
  return (await tx`select 1 from jobs where id = ${uuidOf(jobId)} and closed_at < ${closedBefore} and files_gone_at is null`).length > 0;
}

/** What devices read of the job that its owner uploaded, or that was cut from it. */
export async function listJobUploads(tx: Tx, jobId: JobId): Promise<Sha256[]> {
  const rows = await tx<{ sha256: Sha256 }[]>`
    select distinct sha256 from job_artifacts where job_id = ${uuidOf(jobId)} and part in ('program', 'input', 'file')`;
  return rows.map(({ sha256 }) => sha256);
}

/** The job uses none of them any more, and says since when. */
export async function dropJobUploads(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`delete from job_artifacts where job_id = ${uuidOf(jobId)} and part in ('program', 'input', 'file')`;
  await tx`update jobs set files_gone_at = ${at} where id = ${uuidOf(jobId)}`;
}

export type UnusedOwner = { accountId: AccountId; sha256: Sha256 };

/** Uploads from before a moment that no job of their account uses. */
export async function listUnusedOwners(reader: Reader, sentBefore: Date, limit: number): Promise<UnusedOwner[]> {
  const rows = await reader<{ account_id: string; sha256: Sha256 }[]>`
    select o.account_id, o.sha256 from artifact_owners o where o.created_at < ${sentBefore} and not exists (
      select 1 from job_artifacts a join jobs j on j.id = a.job_id where a.sha256 = o.sha256 and j.account_id = o.account_id) limit ${limit}`;
  return rows.map((row) => ({ accountId: idOf("acc", row.account_id), sha256: row.sha256 }));
}

/** Deletes one that is still unused, and was not asked for meanwhile: who is about to submit a job with it has renewed it first. */
export async function deleteUnusedOwner(tx: Tx, { accountId, sha256 }: UnusedOwner, sentBefore: Date): Promise<boolean> {
  const account = uuidOf(accountId);
  const deleted = await tx`
    delete from artifact_owners where account_id = ${account} and sha256 = ${sha256} and created_at < ${sentBefore} and not exists (
      select 1 from job_artifacts a join jobs j on j.id = a.job_id where a.sha256 = ${sha256} and j.account_id = ${account}) returning 1`;
  return deleted.length > 0;
}
