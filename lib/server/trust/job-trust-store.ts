import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader } from "../db/client.ts";

export type HoldCounts = { drawn: number; done: number; confirmed: number };

/** How far the checks of a job's held results have come. */
export async function countHolds(reader: Reader, jobId: JobId): Promise<HoldCounts> {
  const [row] = await reader<HoldCounts[]>`
    select count(*) filter (where "check" <> 'none')::int as drawn, count(*) filter (where "check" = 'done')::int as done, count(confirmed_by)::int as confirmed
    from holds where job_id = ${uuidOf(jobId)}`;
  return row ?? { drawn: 0, done: 0, confirmed: 0 };
}

export type JobWindows = {
  /** Results of the smallest window that holds some of the job's; null before the first. */ resultsMin: number | null;
  openedLastAt: Date | null;
};

/** The windows that a job's results lie in. A window that is not closed yet gathers more. */
export async function readJobWindows(reader: Reader, jobId: JobId): Promise<JobWindows> {
  const [row] = await reader<JobWindows[]>`
    select min(w.results)::int as "resultsMin", max(w.opened_at) filter (where w.closed_at is null) as "openedLastAt"
    from job_windows j join trust_windows w on w.assurance = j.assurance and w.no = j.window_no where j.job_id = ${uuidOf(jobId)} and j.shards > 0`;
  return row ?? { resultsMin: null, openedLastAt: null };
}

export type ChangedShard = {
  no: number;
  revokedAt: Date;
  decidedAt: Date;
  reason: "refuted" | "device_burned" | "auditor_wrong";
  was: string | null;
  is: string | null;
};

/** Shards of a job whose result was taken back, the latest first. */
export async function listChanged(reader: Reader, jobId: JobId, limit: number): Promise<ChangedShard[]> {
  return await reader<ChangedShard[]>`
    select r.no, r.revoked_at as "revokedAt", r.decided_at as "decidedAt", r.reason, encode(r.digest, 'hex') as was,
      case when s.verdict = 'accepted' then encode(s.digest, 'hex') end as is
    from revocations r join shards s on s.job_id = r.job_id and s.no = r.no
    where r.job_id = ${uuidOf(jobId)} order by r.revoked_at desc, r.no limit ${limit}`;
}

/** When a job's result was last downloaded. */
export async function findDownload(reader: Reader, jobId: JobId): Promise<Date | null> {
  const [row] = await reader<{ last_at: Date }[]>`select last_at from job_downloads where job_id = ${uuidOf(jobId)}`;
  return row?.last_at ?? null;
}
