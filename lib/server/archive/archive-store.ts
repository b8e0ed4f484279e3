import "server-only";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

/** Shards of which one archived row tells. */
export const ARCHIVE_SHARDS = 1024;

/**
 * Jobs of which nothing moves any more: closed so long ago that they let their files go, and so are never computed again, with every window vested, every grant
 * ended and folded. Those that closed first before the others.
 */
export async function listArchivable(reader: Reader, limit: number): Promise<JobId[]> {
  const rows = await reader<{ id: string }[]>`
    select id from jobs j where files_gone_at is not null and archived_at is null and ${isStill(reader)} order by closed_at limit ${limit}`;
  return rows.map(({ id }) => idOf("job", id));
}

function isStill(reader: Reader) {
  return reader`not exists (select 1 from holds h where h.job_id = j.id)
    and not exists (select 1 from job_windows w where w.job_id = j.id and w.vested_at is null)
    and not exists (select 1 from grants g where g.job_id = j.id and (g.state = 'open' or g.untallied_since is not null or g.unfolded_since is not null))
    and not exists (select 1 from errands e where e.group_id = j.id and e.state in ('open', 'taken'))`;
}

/** Whether it is still one of those. The caller holds the job's lock. */
export async function isArchivable(tx: Tx, jobId: JobId): Promise<boolean> {
  return (await tx`select 1 from jobs j where id = ${uuidOf(jobId)} and closed_at is not null and files_gone_at is not null and ${isStill(tx)}`).length > 0;
}

/** The first block of a job of which something was reported and not moved; null where all is. */
export async function findBlock(reader: Reader, jobId: JobId): Promise<number | null> {
  const [row] = await reader<{ shard_no: number }[]>`select shard_no from results where job_id = ${uuidOf(jobId)} order by shard_no limit 1`;
  return row ? Math.floor(row.shard_no / ARCHIVE_SHARDS) : null;
}

/** Moves what replicas reported about a block of shards into one row; a block that was moved before, or that nobody reported about, changes nothing. */
export async function moveBlock(tx: Tx, jobId: JobId, blockNo: number): Promise<void> {
  const job = uuidOf(jobId);
  const [fromNo, toNo] = [blockNo * ARCHIVE_SHARDS, (blockNo + 1) * ARCHIVE_SHARDS];
  await tx`
    with moved as (delete from results where job_id = ${job} and shard_no >= ${fromNo} and shard_no < ${toNo} returning *),
      sorted as (
        select m.*, nullif(m.digest, s.digest) as own_digest, row_number() over (order by m.shard_no, m.round, m.reported_at, m.device_id) as place
        from moved m left join shards s on s.job_id = ${job} and s.no = m.shard_no)
    insert into result_archives (job_id, block_no, settled, shard_nos, rounds, voter_ids, device_ids, outcomes, digests, output_bytes, exit_codes, traps, stderrs,
      durations_ms, adapters, reported_ats, settled_ats, agreeds)
    select ${job}::uuid, ${blockNo}::int, count(settled_at), array_agg(shard_no order by place), array_agg(round order by place), array_agg(voter_id order by place),
      array_agg(device_id order by place), array_agg(outcome order by place), array_agg(own_digest order by place), array_agg(output_bytes order by place),
      array_agg(exit_code order by place), array_agg(trap order by place), array_agg(stderr order by place), array_agg(duration_ms order by place),
      array_agg(adapter order by place), array_agg(reported_at order by place), array_agg(settled_at order by place), array_agg(agreed order by place)
    from sorted having count(*) > 0`;
}

/** The last of it: grants tell nobody anything any more. */
export async function finishArchive(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`delete from grants where job_id = ${uuidOf(jobId)}`;
  await tx`update jobs set archived_at = ${at} where id = ${uuidOf(jobId)}`;
}
