import "server-only";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Milestone } from "#lib/domain/job/milestones.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type HeldBackJob = { jobId: JobId; milestones: Milestone[]; shardCount: number };

/** Running jobs with shards that no milestone has released yet. */
export async function listHeldBack(reader: Reader): Promise<HeldBackJob[]> {
  const rows = await reader<{ id: string; milestones: Milestone[]; shard_count: number }[]>`
    select j.id, j.spec -> 'milestones' as milestones, j.shard_count from jobs j join job_cursors c on c.job_id = j.id
    where j.closed_at is null and j.state in ('running', 'paused', 'needs_funds') and c.shard_count < j.shard_count order by j.id`;
  return rows.map((row) => ({ jobId: idOf("job", row.id), milestones: row.milestones, shardCount: row.shard_count }));
}

/** How many shards of a job may be granted. */
export async function countReleased(reader: Reader, jobId: JobId): Promise<number> {
  const [row] = await reader<{ released: number }[]>`select shard_count as released from job_cursors where job_id = ${uuidOf(jobId)}`;
  return row?.released ?? 0;
}

/** Lets so many shards be granted; never fewer than before. False if they were already. */
export async function setReleased(tx: Tx, jobId: JobId, shards: number): Promise<boolean> {
  const rows = await tx`update job_cursors set shard_count = ${shards} where job_id = ${uuidOf(jobId)} and shard_count < ${shards} returning job_id`;
  return rows.length === 1;
}
