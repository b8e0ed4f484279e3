import "server-only";
import type { ErrandEnd } from "#lib/domain/errand/errand.ts";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { dropSteps, STEP_LIMITS, type TriedShard } from "#lib/domain/reduce/plan-step.ts";
import type { ReductionState } from "#lib/domain/reduce/reducer.ts";
import type { Reader, Tx } from "../db/client.ts";
import { newId } from "../ids.ts";

export type ReductionFailure = ErrandEnd & { fromNo: number; toNo: number };

/** Notes that the job's outputs are to be reduced by a program of its owner. */
export async function insertReduction(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`insert into job_reductions (job_id, looked_at) values (${uuidOf(jobId)}, ${at})`;
}

/** Jobs of which nobody looks now whether there is more to reduce, those longest not looked at first; each is handed to one caller. */
export async function takeGoing(tx: Tx, limit: number, at: Date): Promise<JobId[]> {
  const rows = await tx<{ job_id: string }[]>`
    with going as (
      select job_id from job_reductions r where state = 'going'
        and not exists (select from errands e where e.group_id = r.job_id and e.kind = 'reduce' and e.state in ('open', 'taken'))
      order by looked_at limit ${limit} for update skip locked)
    update job_reductions r set looked_at = ${at} from going where r.job_id = going.job_id returning r.job_id`;
  return rows.map(({ job_id }) => idOf("job", job_id));
}

/** The first shards from `fromNo` on that were tried, as many as a step takes at most. */
export async function listTried(reader: Reader, jobId: JobId, fromNo: number): Promise<TriedShard[]> {
  return await reader<TriedShard[]>`
    select no, verdict, output_bytes as "outputBytes" from shards where job_id = ${uuidOf(jobId)} and no >= ${fromNo} order by no limit ${STEP_LIMITS.shardsMax}`;
}

/** Asks for the step; false where one is asked for already, or nothing is to be reduced any more. */
export async function insertStep(tx: Tx, jobId: JobId, { fromNo, toNo }: { fromNo: number; toNo: number }, at: Date): Promise<boolean> {
  const { count } = await tx`
    insert into errands (id, kind, account_id, group_id, shard_no, to_no, created_at)
    select ${uuidOf(newId("ern"))}, 'reduce', j.account_id, j.id, ${fromNo}, ${toNo}, ${at} from jobs j join job_reductions r on r.job_id = j.id
    where j.id = ${uuidOf(jobId)} and r.state = 'going' on conflict do nothing`;
  return count === 1;
}

export type Reduced = { toNo: number; shards: number; state: Uint8Array };
const NOTHING_REDUCED: Reduced = { toNo: 0, shards: 0, state: new Uint8Array() };

/** What the reducer wrote last, over at most the shards below `toNoMax`; nothing over no shard where it has not run. */
export async function findReduced(reader: Reader, jobId: JobId, toNoMax: number | null = null): Promise<Reduced> {
  const [row] = await reader<Reduced[]>`
    select to_no as "toNo", shards, state from job_reduction_steps
    where job_id = ${uuidOf(jobId)} and (${toNoMax}::int is null or to_no <= ${toNoMax}) order by to_no desc limit 1`;
  return row ?? NOTHING_REDUCED;
}

/** How far the reducer is: shards that it went over and accepted ones among them. */
export async function findReach(reader: Reader, jobId: JobId): Promise<Pick<Reduced, "toNo" | "shards">> {
  const [row] = await reader<Pick<Reduced, "toNo" | "shards">[]>`
    select to_no as "toNo", shards from job_reduction_steps where job_id = ${uuidOf(jobId)} order by to_no desc limit 1`;
  return row ?? NOTHING_REDUCED;
}

/** Keeps what a step wrote, and lets older results thin out. The job's reduction is done with its last shard. */
export async function keepReduced(tx: Tx, jobId: JobId, { toNo, shards, state }: Reduced): Promise<void> {
  const job = uuidOf(jobId);
  await tx`insert into job_reduction_steps (job_id, to_no, shards, state) values (${job}, ${toNo}, ${shards}, ${state}) on conflict do nothing`;
  const kept = await tx<{ to_no: number }[]>`select to_no from job_reduction_steps where job_id = ${job} order by to_no`;
  await tx`delete from job_reduction_steps where job_id = ${job} and to_no = any(${dropSteps(kept.map(({ to_no }) => to_no))}::int[])`;
  await tx`
    update job_reductions r set state = 'done' from jobs j where r.job_id = ${job} and r.state = 'going' and j.id = r.job_id and j.shard_count <= ${toNo}`;
}

/** Notes that the reducer failed; it does not run again unless a shard is corrected. */
export async function failReduction(tx: Tx, jobId: JobId, failure: ReductionFailure): Promise<void> {
  await tx`update job_reductions set state = 'failed', failure = ${failure as never} where job_id = ${uuidOf(jobId)}`;
}

/**
 * Takes back what was reduced of shard `no` and all after it, because its verdict is taken back: what was written before stays, and the reducer goes on from there. A step under way is dropped first: a
 * report of it that commits before has left its result by then, one that comes later finds nothing.
 */
export async function takeBackReduced(tx: Tx, jobId: JobId, no: number): Promise<void> {
  const job = uuidOf(jobId);
  await tx`update errands set state = 'dropped' where group_id = ${job} and kind = 'reduce' and state in ('open', 'taken') and to_no > ${no}`;
  await tx`delete from job_reduction_steps where job_id = ${job} and to_no > ${no}`;
  await tx`update job_reductions set state = 'going', failure = null where job_id = ${job}`;
}

/** Nothing more is reduced of a job that was stopped; what was, stays. */
export async function stopReduction(tx: Tx, jobId: JobId): Promise<void> {
  await tx`update job_reductions set state = 'done' where job_id = ${uuidOf(jobId)} and state = 'going'`;
}

export type Reduction = { state: ReductionState; failure: ReductionFailure | null };

/** Where the reduction of a job by its owner's program stands; null where another reducer makes its result. */
export async function findReduction(reader: Reader, jobId: JobId): Promise<Reduction | null> {
  const [row] = await reader<Reduction[]>`select state, failure from job_reductions where job_id = ${uuidOf(jobId)}`;
  return row ?? null;
}

/** Accepted shards from `fromNo` up to but without `toNo`. */
export async function countAccepted(reader: Reader, jobId: JobId, { fromNo, toNo }: { fromNo: number; toNo: number }): Promise<number> {
  const [row] = await reader<{ count: number }[]>`
    select count(*)::int as count from shards where job_id = ${uuidOf(jobId)} and no >= ${fromNo} and no < ${toNo} and verdict = 'accepted'`;
  return row?.count ?? 0;
}

/** The first shard of a job that was tried and is not final; null where there is none. */
export async function findFirstProvisional(reader: Reader, jobId: JobId, closedWindowNo: number): Promise<number | null> {
  const [row] = await reader<{ no: number }[]>`
    select no from shards where job_id = ${uuidOf(jobId)} and (verdict = 'open' or window_no > ${closedWindowNo}) order by no limit 1`;
  return row?.no ?? null;
}
