import "server-only";
import type { PoolId } from "#lib/domain/ids.ts";
import type { Reader } from "../../db/client.ts";
import { isOfPool } from "../../pools/pool-store.ts";

/**
 * `voters`: how many results of one shard these devices could give that count apart. `disagreedShare`: of all judged replicas of the instance, as of the last count; 0 where
 * nothing was counted yet.
 */
export type Fleet = { devices: number; cores: number; voters: number; otherJobs: number; disagreedShare: number };

type Query = { now: Date; seenSince: Date; pool: PoolId | null };

/**
 * Who could compute a job of a pool, or a public one, now: devices seen since a moment, without those that dispatch gives nothing, and the running jobs with shards that
 * nobody was granted yet and that each of them may be given. Devices and jobs each by an index.
 */
export async function readFleet(reader: Reader, { now, seenSince, pool }: Query): Promise<Fleet> {
  // Inside a pool accounts count apart, everywhere else clusters, as `clusterWithin()` has it.
  const voter = pool ? reader`coalesce(d.account_id, d.id)` : reader`coalesce(t.cluster_id, d.account_id, d.id)`;
  const [row] = await reader<{ devices: number; cores: number; voters: number; other_jobs: number; disagreed: number | null }[]>`
    select f.devices, f.cores, f.voters, j.other_jobs, s.disagreed from
      (select count(*)::int as devices, coalesce(sum(d.cores), 0)::int as cores, count(distinct ${voter})::int as voters
        from devices d left join device_trust t on t.device_id = d.id
        where d.last_seen_at >= ${seenSince} and d.revoked_at is null and d.checks_for is null and t.stage is distinct from 'burned'
          ${pool ? reader`and ${isOfPool(reader, pool)}` : reader``}) as f,
      (select count(*)::int as other_jobs from jobs join job_cursors c on c.job_id = jobs.id
        where jobs.state = 'running' and jobs.closed_at is null and c.heads[cardinality(c.heads)] < c.shard_count
          and (jobs.spec->'visibility'->>'pool' is null ${pool ? reader`or jobs.spec->'visibility'->>'pool' = ${pool}` : reader``})) as j
      left join lateral (select wrong::float8 / nullif(replicas, 0) as disagreed from network_samples where at <= ${now} order by at desc limit 1) as s on true`;
  const { devices = 0, cores = 0, voters = 0, other_jobs: otherJobs = 0, disagreed } = row ?? {};
  return { devices, cores, voters, otherJobs, disagreedShare: disagreed ?? 0 };
}
