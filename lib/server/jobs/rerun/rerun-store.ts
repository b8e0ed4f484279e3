import "server-only";
import { PRIORITIES } from "#lib/domain/dispatch/lanes.ts";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { BLOCK_SHARDS } from "#lib/domain/reduce/fold.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Tx } from "../../db/client.ts";

/** Failed shards of the job that can still be revoked, whether nothing of it moves, and whether its uploads or its results are gone. */
export async function getRerunState(
  tx: Tx,
  jobId: JobId,
  { assurance, now }: { assurance: AssuranceClass; now: Date },
): Promise<{ isClosed: boolean; isEmptied: boolean; provisional: number }> {
  const [row] = await tx<{ is_closed: boolean; is_emptied: boolean; provisional: number }[]>`
    select closed_at is not null as is_closed, files_gone_at is not null or coalesce(results_end_at <= ${now}, false) as is_emptied,
      (select count(*)::int from shards s where s.job_id = j.id and s.verdict = 'failed'
        and s.window_no > coalesce((select closed_window_no from trust_classes where assurance = ${assurance}), 0)) as provisional
    from jobs j where id = ${uuidOf(jobId)}`;
  return { isClosed: row?.is_closed ?? false, isEmptied: row?.is_emptied ?? false, provisional: row?.provisional ?? 0 };
}

export type Reopened = { shards: number; held: number; outputBytes: number; firstNo: number };

/**
 * Opens the next round of every failed shard, wants `quorum` replicas of each, and takes them out of what was counted and folded. Results of the rounds before
 * stay as they are, with their pay. The caller holds the job's lock.
 */
export async function reopenFailed(tx: Tx, jobId: JobId, { quorum, at }: { quorum: number; at: Date }): Promise<Reopened> {
  const job = uuidOf(jobId);
  await tx`
    insert into wanted (job_id, from_no, to_no, round, kind, lane, priority, ordinal, attempt, excluded, excluded_until, created_at)
    select s.job_id, s.no, s.no + 1, s.round + 1, 'again', 'any', ${PRIORITIES.again}, i::text, 0, '{}', ${at}, ${at}
    from shards s, generate_series(0, ${quorum - 1}::int) as i where s.job_id = ${job} and s.verdict = 'failed' order by s.no, i`;
  await tx`
    update job_windows w set shards = w.shards - f.shards from (
      select window_no, count(*)::int as shards from shards where job_id = ${job} and verdict = 'failed' and window_no is not null group by window_no) as f
    where w.job_id = ${job} and w.window_no = f.window_no`;
  await tx`
    delete from job_folds where job_id = ${job} and block_no in (select no / ${BLOCK_SHARDS}::int from shards where job_id = ${job} and verdict = 'failed')`;
  const [row] = await tx<{ shards: number; held: number; output_bytes: number; first_no: number | null }[]>`
    with failed as (select no, window_no, output_bytes from shards where job_id = ${job} and verdict = 'failed'),
      opened as (
        update shards s set verdict = 'open', round = s.round + 1, reason = null, outcome = null, digest = null, output = null, output_bytes = 0
        from failed f where s.job_id = ${job} and s.no = f.no returning f.no, f.window_no, f.output_bytes)
    select count(*)::int as shards, count(window_no)::int as held, coalesce(sum(output_bytes), 0)::float8 as output_bytes, min(no) as first_no from opened`;
  return { shards: row?.shards ?? 0, held: row?.held ?? 0, outputBytes: row?.output_bytes ?? 0, firstNo: row?.first_no ?? 0 };
}

/**
 * Lets an ended, closed job run again, with a budget of what it cost so far and what was reserved anew: what it had left was returned when it closed. Its books
 * are read again by the next epochs, and its results are kept as long as those of any job that closes.
 */
export async function reopenJob(tx: Tx, jobId: JobId, amountMicro: Micro): Promise<void> {
  const job = uuidOf(jobId);
  await tx`update jobs set closed_at = null, results_end_at = null where id = ${job}`;
  await tx`update job_cursors set budget_micro = committed_micro + ${String(amountMicro)}::bigint where job_id = ${job}`;
  await tx`delete from settled_jobs where job_id = ${job}`;
}

/** Notes who had which number of shards computed again. */
export async function insertRerun(tx: Tx, rerun: { jobId: JobId; accountId: AccountId; shards: number; reservedMicro: Micro; at: Date }): Promise<void> {
  await tx`
    insert into job_reruns (job_id, at, account_id, shards, reserved_micro)
    values (${uuidOf(rerun.jobId)}, ${rerun.at}, ${uuidOf(rerun.accountId)}, ${rerun.shards}, ${String(rerun.reservedMicro)})`;
}
