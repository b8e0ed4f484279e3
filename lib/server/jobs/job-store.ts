import "server-only";
import { type AccountId, idOf, type JobId, type PoolId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { JobSpec, JobState } from "#lib/domain/job/job.ts";
import type { JobRole } from "#lib/domain/job/job-role.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { memberName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";
import { closedVerdicts } from "../shards/shard-store.ts";
import type { JobReason } from "./job-state-store.ts";

export type Job = {
  id: JobId;
  accountId: AccountId;
  spec: JobSpec;
  state: JobState;
  reason: JobReason | null;
  shardCount: number;
  indexSha256: Sha256 | null;
  priceMicro: Micro;
  feeBps: number;
  purse: number;
  createdAt: Date;
  endedAt: Date | null;
  closedAt: Date | null;
  /** From when on its result is not to be had any more, where that was said. */
  resultsEndAt: Date | null;
  /** What whoever asked is to the job. */
  role: JobRole;
};

type JobRow = {
  id: string;
  account_id: string;
  spec: JobSpec;
  state: JobState;
  reason: JobReason | null;
  shard_count: number;
  index_sha256: string | null;
  price_micro: bigint;
  fee_bps: number;
  purse: number;
  created_at: Date;
  ended_at: Date | null;
  closed_at: Date | null;
  results_end_at: Date | null;
  role: JobRole;
};

function toJob(row: JobRow): Job {
  return {
    id: idOf("job", row.id),
    accountId: idOf("acc", row.account_id),
    spec: row.spec,
    state: row.state,
    reason: row.reason,
    shardCount: row.shard_count,
    indexSha256: row.index_sha256,
    priceMicro: row.price_micro,
    feeBps: row.fee_bps,
    purse: row.purse,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    closedAt: row.closed_at,
    resultsEndAt: row.results_end_at,
    role: row.role,
  };
}

export type NewJob = {
  id: JobId;
  accountId: AccountId;
  spec: JobSpec;
  shardCount: number;
  indexSha256: Sha256 | null;
  cutSha256: Sha256 | null;
  priceMicro: Micro;
  feeBps: number;
  purse: number;
  createdAt: Date;
};

/** Inserts a running job. */
export async function insertJob(tx: Tx, job: NewJob): Promise<void> {
  await tx`
    insert into jobs (id, account_id, name, spec, state, shard_count, index_sha256, cut_sha256, price_micro, fee_bps, purse, created_at)
    values (${uuidOf(job.id)}, ${uuidOf(job.accountId)}, ${job.spec.name}, ${tx.json(job.spec)}, 'running', ${job.shardCount}, ${job.indexSha256}, ${job.cutSha256},
      ${String(job.priceMicro)}::bigint, ${job.feeBps}, ${job.purse}, ${job.createdAt})`;
}

export type NewCursor = { jobId: JobId; shardCount: number; passes: number; budgetMicro: Micro; costMicro: Micro; at: Date };

/** Inserts the cursor from which a job's shards are granted: every pass at the first shard, nothing of the budget committed. */
export async function insertCursor(tx: Tx, cursor: NewCursor): Promise<void> {
  const heads = Array.from({ length: cursor.passes }, () => 0);
  await tx`
    insert into job_cursors (job_id, state, shard_count, heads, budget_micro, cost_micro, moved_at)
    values (${uuidOf(cursor.jobId)}, 'running', ${cursor.shardCount}, ${heads}::int[], ${String(cursor.budgetMicro)}::bigint, ${String(cursor.costMicro)}::bigint, ${cursor.at})`;
}

/** Lets a job commit more: what was reserved for it beyond what it had. */
export async function raiseCursor(tx: Tx, jobId: JobId, amountMicro: Micro): Promise<void> {
  await tx`update job_cursors set budget_micro = budget_micro + ${String(amountMicro)}::bigint where job_id = ${uuidOf(jobId)}`;
}

/** A job of this account or one that its owner let it in to, or null: other people's jobs are as if they did not exist. */
export async function findJob(reader: Reader, accountId: AccountId, jobId: JobId): Promise<Job | null> {
  const [row] = await reader<JobRow[]>`
    select j.id, j.account_id, j.spec, j.state, j.reason, j.shard_count, j.index_sha256, j.price_micro, j.fee_bps, j.purse, j.created_at, j.ended_at, j.closed_at, j.results_end_at,
      case when j.account_id = a.id then 'owner' else m.role end as role
    from jobs j join accounts a on a.id = ${uuidOf(accountId)} left join job_members m on m.job_id = j.id and m.address = ${memberName(reader)}
    where j.id = ${uuidOf(jobId)} and (j.account_id = a.id or m.role is not null)`;
  return row ? toJob(row) : null;
}

export type ListedJob = Pick<Job, "id" | "state" | "reason" | "shardCount" | "createdAt" | "endedAt"> & {
  name: string;
  topic: string;
  pool: PoolId | null;
  accepted: number;
  failed: number;
  final: number;
  revoked: number;
};

/**
 * The account's jobs and those it was let in to, newest first, from the one after `after` on. Pages by (created_at, id), so that jobs submitted meanwhile move nothing;
 * an `after` that is not the account's own gives an empty page.
 */
export async function listJobRows(
  reader: Reader,
  accountId: AccountId,
  page: { limit: number; after: JobId | null; state: JobState | null; search: string | null },
): Promise<ListedJob[]> {
  const account = uuidOf(accountId);
  // Two lists, because each of them has an index that keeps its order or is short, and what is in one or the other has none.
  const letIn = reader`select m.job_id from job_members m join accounts a on m.address = ${memberName(reader)} where a.id = ${account}`;
  const filter = reader`${page.state ? reader`and state = ${page.state}` : reader``}
    ${page.search ? reader`and (strpos(lower(name), lower(${page.search})) > 0 or strpos(lower(spec->>'topic'), lower(${page.search})) > 0)` : reader``}
    ${page.after ? reader`and (created_at, id) < (select created_at, id from jobs where id = ${uuidOf(page.after)} and (account_id = ${account} or id in (${letIn})))` : reader``}`;
  const rows = await reader<(Omit<JobRow, "spec"> & Pick<ListedJob, "name" | "topic" | "pool" | "accepted" | "failed" | "final" | "revoked">)[]>`
    select j.id, j.name, j.spec->>'topic' as topic, j.spec->'visibility'->>'pool' as pool, j.state, j.reason, j.shard_count, j.created_at, j.ended_at,
      coalesce(c.accepted, 0)::int as accepted, coalesce(c.failed, 0)::int as failed, coalesce(c.revoked, 0)::int as revoked,
      (coalesce(c.at_once, 0) + ${closedVerdicts(reader, reader`j.id`)})::int as final
    from (
      (select * from jobs where account_id = ${account} ${filter} order by created_at desc, id desc limit ${page.limit})
      union all
      (select * from jobs where id in (${letIn}) ${filter} order by created_at desc, id desc limit ${page.limit})
      order by created_at desc, id desc limit ${page.limit}
    ) j left join lateral (
      select sum(accepted) as accepted, sum(failed) as failed, sum(revoked) as revoked, sum(accepted + failed - held) as at_once
      from job_counters where job_id = j.id) c on true
    order by j.created_at desc, j.id desc`;
  return rows.map((row) => ({
    id: idOf("job", row.id),
    name: row.name,
    topic: row.topic,
    pool: row.pool,
    state: row.state,
    reason: row.reason,
    shardCount: row.shard_count,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    accepted: row.accepted,
    failed: row.failed,
    final: row.final,
    revoked: row.revoked,
  }));
}

const RECENT_VERDICTS_MAX = 2048;

/**
 * How fast verdicts came lately: of the last shards by number (at most 2,048, so that a job of millions costs no more) those decided since `since`,
 * and when the first of them was. Shards are granted in order, so that the last ones are nearly the latest.
 */
export async function countRecentVerdicts(reader: Reader, jobId: JobId, since: Date): Promise<{ decided: number; firstAt: Date | null; isCut: boolean }> {
  const [row] = await reader<{ decided: number; first_at: Date | null }[]>`
    select count(*)::int as decided, min(decided_at) as first_at
    from (select decided_at from shards where job_id = ${uuidOf(jobId)} order by no desc limit ${RECENT_VERDICTS_MAX}) as last
    where decided_at > ${since}`;
  return { decided: row?.decided ?? 0, firstAt: row?.first_at ?? null, isCut: row?.decided === RECENT_VERDICTS_MAX };
}

/** How many devices hold open grants of the job. */
export async function countActiveDevices(reader: Reader, jobId: JobId): Promise<number> {
  const [row] = await reader<
    { devices: number }[]
  >`select count(distinct device_id)::int as devices from grants where job_id = ${uuidOf(jobId)} and state = 'open'`;
  return row?.devices ?? 0;
}
