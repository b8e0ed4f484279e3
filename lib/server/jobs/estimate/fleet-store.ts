import "server-only";
import type { Reader } from "../../db/client.ts";

/** `disagreedShare`: of all judged replicas of the instance, as of the last count; 0 where nothing was counted yet. */
export type Fleet = { devices: number; cores: number; otherJobs: number; disagreedShare: number };

/** Who could compute a job now: devices seen since a moment, and the running jobs with shards that nobody was granted yet. Each by an index. */
export async function readFleet(reader: Reader, moments: { now: Date; seenSince: Date }): Promise<Fleet> {
  const [row] = await reader<{ devices: number; cores: number; other_jobs: number; disagreed: number | null }[]>`
    select d.devices, d.cores, j.other_jobs, s.disagreed from
      (select count(*)::int as devices, coalesce(sum(cores), 0)::int as cores from devices where last_seen_at >= ${moments.seenSince} and revoked_at is null) as d,
      (select count(*)::int as other_jobs from jobs join job_cursors c on c.job_id = jobs.id
        where jobs.state = 'running' and jobs.closed_at is null and c.heads[cardinality(c.heads)] < c.shard_count) as j
      left join lateral (select wrong::float8 / nullif(replicas, 0) as disagreed from network_samples where at <= ${moments.now} order by at desc limit 1) as s on true`;
  return { devices: row?.devices ?? 0, cores: row?.cores ?? 0, otherJobs: row?.other_jobs ?? 0, disagreedShare: row?.disagreed ?? 0 };
}
