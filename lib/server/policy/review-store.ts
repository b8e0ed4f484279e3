import "server-only";
import { type AccountId, idOf, type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import { type JobSpec, OPEN_JOB_STATES } from "#lib/domain/job/job.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";

export async function insertReview(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`insert into job_reviews (job_id, requested_at) values (${uuidOf(jobId)}, ${at})`;
}

/** Lets a job wait for an operator, again if one had decided. */
export async function reopenReview(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`
    insert into job_reviews (job_id, requested_at) values (${uuidOf(jobId)}, ${at})
    on conflict (job_id) do update set requested_at = excluded.requested_at, decision = null, decided_by = null, decided_at = null`;
}

/** Whether the bytes belong to a job that waits for an operator, so that operators may read them. */
export async function isUnderReview(reader: Reader, sha256: Sha256): Promise<boolean> {
  const rows = await reader`select 1 from job_artifacts a join job_reviews r on r.job_id = a.job_id where a.sha256 = ${sha256} and r.decision is null limit 1`;
  return rows.length > 0;
}

/** Whether the job waits for an operator. Whoever lets a job run asks with the rules locked (`lockPolicy`), for it may begin to wait at any time. */
export async function isInReview(reader: Reader, jobId: JobId): Promise<boolean> {
  return (await reader`select 1 from job_reviews where job_id = ${uuidOf(jobId)} and decision is null`).length > 0;
}

/** Notes an operator's decision once; false if there is none to make. */
export async function closeReview(tx: Tx, jobId: JobId, made: { decision: "allow" | "deny"; by: AccountId; at: Date }): Promise<boolean> {
  const rows = await tx`
    update job_reviews set decision = ${made.decision}, decided_by = ${uuidOf(made.by)}, decided_at = ${made.at}
    where job_id = ${uuidOf(jobId)} and decision is null returning job_id`;
  return rows.length > 0;
}

export type WaitingJob = { jobId: JobId; spec: JobSpec; owner: string; shardCount: number; programBytes: number; requestedAt: Date };

/** Jobs that wait for an operator, the oldest first; or this one alone. */
export async function listWaiting(reader: Reader, ask: { limit: number; jobId?: JobId }): Promise<WaitingJob[]> {
  const rows = await reader<{ id: string; spec: JobSpec; owner: string; shard_count: number; bytes: number; requested_at: Date }[]>`
    select j.id, j.spec, ${accountName(reader)} as owner, j.shard_count, r.requested_at,
      coalesce((select max(f.bytes) from artifacts f where f.sha256 = j.spec->'program'->'artifact'->>'sha256'), 0)::float8 as bytes
    from job_reviews r join jobs j on j.id = r.job_id join accounts a on a.id = j.account_id
    where r.decision is null and j.state = any(${[...OPEN_JOB_STATES]}::text[]) and (${ask.jobId ? uuidOf(ask.jobId) : null}::uuid is null or j.id = ${ask.jobId ? uuidOf(ask.jobId) : null}::uuid)
    order by r.requested_at, j.id limit ${ask.limit}`;
  return rows.map(({ id, spec, owner, shard_count, bytes, requested_at }) => ({
    jobId: idOf("job", id),
    spec,
    owner,
    shardCount: shard_count,
    programBytes: bytes,
    requestedAt: requested_at,
  }));
}
