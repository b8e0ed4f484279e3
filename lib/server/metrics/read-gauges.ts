import "server-only";
import type { Db } from "../db/client.ts";

export type Gauges = {
  devicesAtWork: number;
  openGrants: number;
  wanted: number;
  wantedOldestS: number;
  untallied: number;
  jobsByState: { state: string; count: number }[];
};

/** What the database knows of the instance as a whole, for whoever watches it. */
export async function readGauges(db: Db, now: Date): Promise<Gauges> {
  const [[grants], [wanted], [untallied], jobs] = await Promise.all([
    db<{ devices: number; grants: number }[]>`select count(distinct device_id)::int as devices, count(*)::int as grants from grants where state = 'open'`,
    db<{ count: number; oldest: Date | null }[]>`select count(*)::int as count, min(created_at) as oldest from wanted where taken_at is null`,
    db<{ count: number }[]>`select count(*)::int as count from grants where untallied_since is not null`,
    db<{ state: string; count: number }[]>`select state, count(*)::int as count from job_cursors group by state order by state`,
  ]);
  return {
    devicesAtWork: grants?.devices ?? 0,
    openGrants: grants?.grants ?? 0,
    wanted: wanted?.count ?? 0,
    wantedOldestS: wanted?.oldest ? Math.max(0, (now.getTime() - wanted.oldest.getTime()) / 1000) : 0,
    untallied: untallied?.count ?? 0,
    jobsByState: jobs.map(({ state, count }) => ({ state, count })),
  };
}
