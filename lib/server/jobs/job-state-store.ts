import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import type { ErrorCode, ErrorParams } from "#lib/protocol/errors.ts";
import type { Reader, Tx } from "../db/client.ts";

export type JobReason = { code: ErrorCode; params: ErrorParams };

/** Moves a job to a state, in its row and its cursor, if it is in one of `from`; false leaves it as it was. */
export async function setJobState(
  tx: Tx,
  jobId: JobId,
  change: { state: JobState; from: readonly JobState[]; reason?: JobReason; endedAt?: Date },
): Promise<boolean> {
  const rows = await tx`
    update jobs set state = ${change.state}, reason = ${change.reason ? tx.json(change.reason) : null}, ended_at = ${change.endedAt ?? null}
    where id = ${uuidOf(jobId)} and state = any(${[...change.from]}::text[]) returning id`;
  if (rows.length === 0) return false;
  await tx`update job_cursors set state = ${change.state} where job_id = ${uuidOf(jobId)}`;
  return true;
}

/** Whose job it is, or null if there is none. */
export async function findJobAccount(reader: Reader, jobId: JobId): Promise<AccountId | null> {
  const [row] = await reader<{ account_id: string }[]>`select account_id from jobs where id = ${uuidOf(jobId)}`;
  return row ? idOf("acc", row.account_id) : null;
}

/** In which state it is, or null if there is none. */
export async function findJobState(reader: Reader, jobId: JobId): Promise<JobState | null> {
  const [row] = await reader<{ state: JobState }[]>`select state from jobs where id = ${uuidOf(jobId)}`;
  return row?.state ?? null;
}

/** Ended jobs that still hold something: grants out, money in escrow. */
export async function listUnclosedEnded(reader: Reader): Promise<JobId[]> {
  const rows = await reader<
    { id: string }[]
  >`select id from jobs where closed_at is null and state in ('final', 'failed', 'cancelled') order by ended_at limit 200`;
  return rows.map((row) => idOf("job", row.id));
}

/** Open jobs all of whose shards have a verdict: an exchange died before it could end them. */
export async function listComplete(reader: Reader): Promise<JobId[]> {
  const rows = await reader<{ id: string }[]>`
    select j.id from jobs j where j.state in ('running', 'paused', 'needs_funds')
      and j.shard_count <= (select coalesce(sum(accepted + failed), 0) from job_counters c where c.job_id = j.id) limit 200`;
  return rows.map((row) => idOf("job", row.id));
}
