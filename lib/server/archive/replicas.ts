import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Fragment, Reader } from "../db/client.ts";
import { ARCHIVE_SHARDS } from "./archive-store.ts";

/**
 * SQL for what replicas reported about these shards of a job, wherever it lies: a table with the columns of `results` that outlast a job. Looks at the rows of
 * these shards and at the archived blocks that hold them.
 */
export function replicasOf(reader: Reader, jobId: JobId, nos: readonly number[]): Fragment {
  const job = uuidOf(jobId);
  const blocks = [...new Set(nos.map((no) => Math.floor(no / ARCHIVE_SHARDS)))];
  return reader`(
    select job_id, shard_no, round, device_id, outcome, digest, exit_code, trap, stderr, duration_ms, reported_at, settled_at, agreed
      from results where job_id = ${job} and shard_no = any(${[...nos]}::int[])
    union all
    ${archived(reader, reader`a.job_id = ${job} and a.block_no = any(${blocks}::int[])`)} where u.shard_no = any(${[...nos]}::int[]))`;
}

/** The same of the shards whose numbers are the column `no` of `table`, a name in the statement that takes it. */
export function replicasIn(reader: Reader, jobId: JobId, table: Fragment): Fragment {
  const job = uuidOf(jobId);
  return reader`(
    select job_id, shard_no, round, device_id, outcome, digest, exit_code, trap, stderr, duration_ms, reported_at, settled_at, agreed
      from results where job_id = ${job} and shard_no in (select no from ${table})
    union all
    ${archived(reader, reader`a.job_id = ${job} and a.block_no in (select no / ${ARCHIVE_SHARDS}::int from ${table})`)} where u.shard_no in (select no from ${table}))`;
}

/** The same for one device over several jobs: the shards that `asked (job_id, no)` names. */
export function replicasAsked(reader: Reader, deviceId: string): Fragment {
  return reader`(
    select r.job_id, r.shard_no, r.round, r.device_id, r.outcome, r.digest, r.exit_code, r.trap, r.stderr, r.duration_ms, r.reported_at, r.settled_at, r.agreed
      from asked join results r on r.job_id = asked.job_id and r.shard_no = asked.no and r.device_id = ${deviceId}
    union all
    select u.* from (
      ${archived(reader, reader`(a.job_id, a.block_no) in (select job_id, no / ${ARCHIVE_SHARDS}::int from asked)`)}
      where (a.job_id, u.shard_no) in (select job_id, no from asked) and u.device_id = ${deviceId}) as u)`;
}

/** Shards of an archived job from a number on of which some replica disagreed with the verdict, with the round. */
export function archivedDissent(reader: Reader, jobId: JobId, fromNo: number): Fragment {
  return reader`(
    select u.no as shard_no, u.round from result_archives a cross join lateral unnest(a.shard_nos, a.rounds, a.agreeds) as u (no, round, agreed)
    where a.job_id = ${uuidOf(jobId)} and a.block_no >= ${Math.floor(fromNo / ARCHIVE_SHARDS)} and u.agreed = 'no')`;
}

/** Archived rows of the blocks for which `where` holds, unfolded; ends before its own condition. */
function archived(reader: Reader, where: Fragment): Fragment {
  return reader`
    select a.job_id, u.shard_no, u.round, u.device_id, u.outcome, coalesce(u.digest, s.digest), u.exit_code, u.trap, u.stderr, u.duration_ms, u.reported_at, u.settled_at, u.agreed
    from (select * from result_archives a where ${where}) a
    cross join lateral unnest(a.shard_nos, a.rounds, a.device_ids, a.outcomes, a.digests, a.exit_codes, a.traps, a.stderrs, a.durations_ms, a.reported_ats, a.settled_ats, a.agreeds)
      as u (shard_no, round, device_id, outcome, digest, exit_code, trap, stderr, duration_ms, reported_at, settled_at, agreed)
    left join shards s on s.job_id = a.job_id and s.no = u.shard_no`;
}
