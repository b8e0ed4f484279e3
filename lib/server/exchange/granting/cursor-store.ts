import "server-only";
import type { Range } from "#lib/domain/dispatch/ranges.ts";
import { rangesOf } from "#lib/domain/dispatch/ranges.ts";
import { type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type Cursor = {
  state: JobState;
  shardCount: number;
  heads: number[];
  budgetMicro: Micro;
  committedMicro: Micro;
  costMicro: Micro;
  movedAt: Date;
  tailCopies: number;
  /** Shards of the job that the asking device holds in open grants. */
  held: number;
};

type CursorRow = {
  state: JobState;
  shard_count: number;
  heads: number[];
  budget_micro: bigint;
  committed_micro: bigint;
  cost_micro: bigint;
  moved_at: Date;
  tail_copies: number;
  held: number;
};

function toCursor(r: CursorRow): Cursor {
  return {
    state: r.state,
    shardCount: r.shard_count,
    heads: r.heads,
    budgetMicro: r.budget_micro,
    committedMicro: r.committed_micro,
    costMicro: r.cost_micro,
    movedAt: r.moved_at,
    tailCopies: r.tail_copies,
    held: r.held,
  };
}

/** Locks a job's cursor row until the end of the (short, relaxed) transaction: grants of one job are planned one after the other. */
export async function lockCursor(tx: Tx, jobId: JobId, deviceId: DeviceId): Promise<Cursor | null> {
  const [row] = await tx<CursorRow[]>`
    select state, shard_count, heads, budget_micro, committed_micro, cost_micro, moved_at, tail_copies, (
      select coalesce(sum(to_no - from_no - reported), 0)::int from grants where job_id = ${uuidOf(jobId)} and device_id = ${uuidOf(deviceId)} and state = 'open') as held
    from job_cursors where job_id = ${uuidOf(jobId)} for update`;
  return row ? toCursor(row) : null;
}

/**
 * What the device, its voter or its cluster holds in open grants or has reported, in `windowLength` numbers from each head of a later pass. Reads at most
 * windowLength × replicas rows per pass, all of one job; `offset 0` keeps the planner from reading all the voter's results instead.
 */
export async function listConflicts(
  tx: Reader,
  jobId: JobId,
  query: { voterId: string; deviceId: DeviceId; clusterId: string; windowLength: number },
): Promise<Range[]> {
  const { voterId, clusterId, windowLength } = query;
  const [job, device] = [uuidOf(jobId), uuidOf(query.deviceId)];
  const windows = tx`(select s, s + ${windowLength}::int as e from job_cursors c, unnest(c.heads[2:]) as s where c.job_id = ${job}) as w`;
  const rows = await tx<{ from_no: number; to_no: number }[]>`
    select g.from_no, g.to_no from ${windows} join grants g on g.job_id = ${job} and g.voter_id = ${voterId} and g.state = 'open' and g.from_no < w.e and g.to_no > w.s
    union all
    select g.from_no, g.to_no from ${windows} join grants g on g.job_id = ${job} and g.cluster_id = ${clusterId} and g.state = 'open' and g.from_no < w.e and g.to_no > w.s
    union all
    select g.from_no, g.to_no from ${windows} join grants g on g.job_id = ${job} and g.device_id = ${device} and g.state = 'open' and g.from_no < w.e and g.to_no > w.s
    union all
    select r.shard_no, r.shard_no + 1 from ${windows}, lateral (
      select shard_no from results where job_id = ${job} and shard_no >= w.s and shard_no < w.e and (voter_id = ${voterId} or cluster_id = ${clusterId} or device_id = ${device}) offset 0) as r`;
  const reported = rows.filter((row) => row.to_no - row.from_no === 1).map((row) => row.from_no);
  const held = rows.filter((row) => row.to_no - row.from_no !== 1).map((row) => ({ fromNo: row.from_no, toNo: row.to_no }));
  return [...held, ...rangesOf(reported.sort((a, b) => a - b))];
}

/** Moves the cursor and commits the worst cost of what was taken. The caller holds the row's lock. */
export async function moveCursor(
  tx: Tx,
  jobId: JobId,
  move: { heads: readonly number[]; commitMicro: Micro; at: Date | null; tailCopies: number },
): Promise<void> {
  await tx`
    update job_cursors set heads = ${[...move.heads]}::int[], committed_micro = committed_micro + ${String(move.commitMicro)}::bigint, moved_at = coalesce(${move.at}, moved_at),
      tail_copies = tail_copies + ${move.tailCopies}
    where job_id = ${uuidOf(jobId)}`;
}

/** Gives back what replicas will not cost: they were lost, wrong, or ended by the machine. */
export async function releaseCommitted(db: Reader, jobId: JobId, replicas: number): Promise<void> {
  await db`update job_cursors set committed_micro = greatest(0, committed_micro - ${replicas} * cost_micro) where job_id = ${uuidOf(jobId)}`;
}

/** Lets what a job's escrow got back from forfeited pay be spent again. */
export async function releaseReimbursed(tx: Tx, jobId: JobId, amountMicro: Micro): Promise<void> {
  await tx`update job_cursors set committed_micro = greatest(0, committed_micro - ${String(amountMicro)}::bigint) where job_id = ${uuidOf(jobId)}`;
}

/** Commits the cost of replicas that were given up for lost and are reported after all, if the budget still holds it. */
export async function recommit(tx: Tx, jobId: JobId, replicas: number): Promise<boolean> {
  const rows = await tx`
    update job_cursors set committed_micro = committed_micro + ${replicas} * cost_micro
    where job_id = ${uuidOf(jobId)} and committed_micro + ${replicas} * cost_micro <= budget_micro returning 1`;
  return rows.length > 0;
}
