import "server-only";
import { idOf, type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type ClosedJob = { jobId: JobId; closedAt: Date; accepted: number };

/** Jobs that closed before a moment and of which nobody was told when their results go, those that closed first before the others. */
export async function listUntold(reader: Reader, closedBefore: Date, limit: number): Promise<ClosedJob[]> {
  const rows = await reader<{ id: string; closed_at: Date; accepted: number }[]>`
    select id, closed_at, (select coalesce(sum(accepted), 0)::int from job_counters c where c.job_id = j.id) as accepted
    from jobs j where closed_at < ${closedBefore} and results_end_at is null order by closed_at limit ${limit}`;
  return rows.map((row) => ({ jobId: idOf("job", row.id), closedAt: row.closed_at, accepted: row.accepted }));
}

/** Sets when the results of a closed job go; false where that stands already, or the job was let run again. */
export async function setResultsEnd(tx: Tx, jobId: JobId, endAt: Date): Promise<boolean> {
  const set = await tx`update jobs set results_end_at = ${endAt} where id = ${uuidOf(jobId)} and closed_at is not null and results_end_at is null returning 1`;
  return set.length > 0;
}

/** Ends the results of a closed job now, or earlier where they ended before; false where the job is not closed. */
export async function endResults(tx: Tx, jobId: JobId, now: Date): Promise<boolean> {
  const ended = await tx`
    update jobs set results_end_at = least(results_end_at, ${now}::timestamptz) where id = ${uuidOf(jobId)} and closed_at is not null returning 1`;
  return ended.length > 0;
}

/** Jobs whose results are no longer to be had and still lie there. */
export async function listEnded(reader: Reader, now: Date, limit: number): Promise<JobId[]> {
  const rows = await reader<{ id: string }[]>`
    select id from jobs where results_end_at <= ${now} and results_gone_at is null order by results_end_at limit ${limit}`;
  return rows.map(({ id }) => idOf("job", id));
}

/** The job refers to so many outputs in the store less; returns which. */
export async function dropOutputs(tx: Tx, jobId: JobId, limit: number): Promise<Sha256[]> {
  const job = uuidOf(jobId);
  const rows = await tx<{ sha256: Sha256 }[]>`
    delete from job_artifacts where job_id = ${job} and part = 'output'
      and sha256 in (select sha256 from job_artifacts where job_id = ${job} and part = 'output' order by sha256 limit ${limit}) returning sha256`;
  return rows.map(({ sha256 }) => sha256);
}

/** Empties outputs that lie in rows, of at most so many shards after `after` whose digests stay; the last number looked at, or null where there was none. */
export async function clearOutputs(tx: Tx, jobId: JobId, page: { after: number; limit: number }): Promise<number | null> {
  const job = uuidOf(jobId);
  const [row] = await tx<{ last: number | null }[]>`
    with page as (select no from shards where job_id = ${job} and no > ${page.after} order by no limit ${page.limit}),
      cleared as (update shards s set output = null from page p where s.job_id = ${job} and s.no = p.no and s.output is not null),
      dissent as (update results r set output = null from page p where r.job_id = ${job} and r.shard_no = p.no and r.output is not null)
    select max(no) as last from page`;
  return row?.last ?? null;
}

/** Drops what reducers made of the outputs, and says since when nothing of them is left. */
export async function finishClearing(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  const job = uuidOf(jobId);
  await tx`delete from job_folds where job_id = ${job}`;
  await tx`update job_reduction_steps set state = ''::bytea where job_id = ${job}`;
  await tx`update errands set output = null where group_id = ${job} and output is not null`;
  await tx`update jobs set results_gone_at = ${at} where id = ${job}`;
}
