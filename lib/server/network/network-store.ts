import "server-only";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { NetworkCount } from "#lib/domain/network/counts.ts";
import type { CoreCount } from "#lib/domain/network/energy.ts";
import { PREVIEW_TILES_MAX } from "#lib/domain/reduce/mosaic-preview.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";

/**
 * Adds what the instance has done in all until `at`, and how many devices compute with how many cores. Reads every counter, sixteen small rows for each job, and so is for
 * once a minute, not for each request. A moment that was counted already stays as it is.
 */
export async function insertSample(tx: Tx, at: Date): Promise<void> {
  await tx`
    with computing as (select cores from devices where id in (select device_id from grants where state = 'open' and deadline_at > ${at}))
    insert into network_samples (at, accepted, failed, replicas, wrong, devices, cores)
    select ${at}::timestamptz, coalesce(sum(accepted), 0), coalesce(sum(failed), 0), coalesce(sum(replicas), 0), coalesce(sum(wrong), 0),
      (select count(*) from computing), (select least(coalesce(sum(cores), 0), 2147483647) from computing)
    from job_counters on conflict do nothing`;
}

/** Deletes samples from before a moment; returns how many. */
export async function deleteSamples(tx: Tx, before: Date): Promise<number> {
  return (await tx`delete from network_samples where at < ${before}`).count;
}

/** The samples from `since` on, oldest first. They are a minute apart: an hour is about 60 rows. */
export async function listSamples(reader: Reader, since: Date): Promise<NetworkCount[]> {
  const rows = await reader<{ at: Date; accepted: bigint; failed: bigint; replicas: bigint; wrong: bigint }[]>`
    select at, accepted, failed, replicas, wrong from network_samples where at >= ${since} order by at`;
  return rows.map(({ at, accepted, failed, replicas, wrong }) => ({
    at,
    accepted: Number(accepted),
    failed: Number(failed),
    replicas: Number(replicas),
    wrong: Number(wrong),
  }));
}

/** How many cores computed at each count from `since` on, oldest first: a day is 1,440 rows of two numbers. */
export async function listCoreCounts(reader: Reader, since: Date): Promise<CoreCount[]> {
  return await reader<CoreCount[]>`select at, cores from network_samples where at >= ${since} order by at`;
}

export type ThinnedSample = Pick<NetworkCount, "at" | "accepted"> & { devices: number };

/**
 * The first sample from `since` on and the last of each step of `stepMs`, oldest first: their differences add up to all that was counted, and a week of
 * samples is 10,080 rows to read and few to answer with.
 */
export async function listThinnedSamples(reader: Reader, since: Date, stepMs: number): Promise<ThinnedSample[]> {
  const rows = await reader<{ at: Date; accepted: bigint; devices: number }[]>`
    (select at, accepted, devices from network_samples where at >= ${since} order by at limit 1)
    union
    (select distinct on (step) at, accepted, devices
    from (select at, accepted, devices, date_bin(make_interval(secs => ${stepMs / 1000}), at, timestamptz 'epoch') as step from network_samples where at >= ${since}) as stepped
    order by step, at desc)
    order by at`;
  return rows.map((row) => ({ ...row, accepted: Number(row.accepted) }));
}

/** How many devices hold unexpired grants, and how many were seen since `seenSince`; each by an index. */
export async function countDevices(reader: Reader, moments: { now: Date; seenSince: Date }): Promise<{ computing: number; seen: number }> {
  const [row] = await reader<{ computing: number; seen: number }[]>`
    select (select count(distinct device_id)::int from grants where state = 'open' and deadline_at > ${moments.now}) as computing,
      (select count(*)::int from devices where last_seen_at >= ${moments.seenSince} and revoked_at is null) as seen`;
  return row ?? { computing: 0, seen: 0 };
}

export type RunningJobRow = {
  id: JobId;
  name: string;
  topic: string;
  description: string;
  owner: string;
  shardCount: number;
  heads: number[];
  hasWanted: boolean;
  accepted: number;
  failed: number;
  devices: number;
  hasPicture: boolean;
  isDonation: boolean;
  /** Shards that its milestones let be granted by now. */
  released: number;
};

/**
 * Public running jobs of all owners, or only `jobId`, at most `limit`, and how many run in all: those with shards nobody was granted yet before the others, for they are what
 * a volunteer would get; then the newest.
 */
export async function listRunningJobs(reader: Reader, query: { now: Date; limit: number; jobId?: JobId }): Promise<{ jobs: RunningJobRow[]; count: number }> {
  const only = query.jobId ? reader`and jobs.id = ${uuidOf(query.jobId)}` : reader``;
  const [rows, [counted]] = await Promise.all([
    reader<(Omit<RunningJobRow, "id"> & { id: string })[]>`
      select j.id, j.name, j.spec->>'topic' as topic, j.spec->>'description' as description, ${accountName(reader)} as owner, j.shard_count as "shardCount",
        c.heads, c.shard_count as released, j.price_micro = 0 as "isDonation",
        exists (select 1 from wanted w where w.job_id = j.id and w.taken_at is null) as "hasWanted",
        coalesce(n.accepted, 0)::int as accepted, coalesce(n.failed, 0)::int as failed,
        (select count(distinct g.device_id)::int from grants g where g.job_id = j.id and g.state = 'open' and g.deadline_at > ${query.now}) as devices,
        j.spec->'reducer'->>'kind' = 'mosaic' and j.shard_count <= ${PREVIEW_TILES_MAX} and exists (select from job_pages p where p.job_id = j.id) as "hasPicture"
      from (
        select jobs.*, heads[cardinality(heads)] < job_cursors.shard_count as is_offered from jobs join job_cursors on job_id = id
        where jobs.state = 'running' and closed_at is null and jobs.spec->'visibility'->>'kind' is distinct from 'pool' ${only} order by is_offered desc, created_at desc, id desc limit ${query.limit}) as j
      join job_cursors c on c.job_id = j.id
      join accounts a on a.id = j.account_id
      left join lateral (select sum(accepted) as accepted, sum(failed) as failed from job_counters where job_id = j.id) as n on true
      order by j.is_offered desc, j.created_at desc, j.id desc`,
    reader<
      { count: number }[]
    >`select count(*)::int as count from jobs where state = 'running' and closed_at is null and spec->'visibility'->>'kind' is distinct from 'pool'`,
  ]);
  return { jobs: rows.map((row) => ({ ...row, id: idOf("job", row.id) })), count: counted?.count ?? 0 };
}

export type ShoalJobRow = { id: JobId; name: string; shardCount: number; heads: number[]; assurance: AssuranceClass };

/** The newest public jobs that run, at most `limit`; where none runs, the one that ended last. */
export async function listShoalJobs(reader: Reader, limit: number): Promise<ShoalJobRow[]> {
  const rows = await reader<(Omit<ShoalJobRow, "id"> & { id: string })[]>`
    (select j.id, j.name, j.shard_count as "shardCount", c.heads, j.spec->'verification'->>'assurance' as assurance from jobs j join job_cursors c on c.job_id = j.id
      where j.state = 'running' and j.closed_at is null and j.spec->'visibility'->>'kind' is distinct from 'pool' order by j.created_at desc limit ${limit})
    union all
    (select j.id, j.name, j.shard_count, c.heads, j.spec->'verification'->>'assurance' from jobs j join job_cursors c on c.job_id = j.id
      where j.closed_at is not null and j.spec->'visibility'->>'kind' is distinct from 'pool' and not exists (select from jobs where state = 'running' and closed_at is null) order by j.closed_at desc limit 1)`;
  return rows.map((row) => ({ ...row, id: idOf("job", row.id) }));
}
