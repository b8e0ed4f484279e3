import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Reader, Tx } from "../db/client.ts";

export type DueVesting = { jobId: JobId; assurance: AssuranceClass; windowNo: number };

/** Jobs with results in closed windows whose pay has not vested, the oldest window first. */
export async function listDueVestings(reader: Reader, limit: number): Promise<DueVesting[]> {
  const rows = await reader<{ job_id: string; assurance: AssuranceClass; window_no: number }[]>`
    select j.job_id, j.assurance, j.window_no from trust_classes c join job_windows j on j.assurance = c.assurance and j.window_no <= c.closed_window_no
    where j.vested_at is null order by j.window_no, j.job_id limit ${limit}`;
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), assurance: row.assurance, windowNo: row.window_no }));
}

/** What each device was credited for a job's results in a window and has not forfeited. */
export async function listPendingOf(reader: Reader, { jobId, assurance, windowNo }: DueVesting): Promise<{ deviceId: DeviceId; replicas: number }[]> {
  const rows = await reader<{ device_id: string; replicas: number }[]>`
    select r.device_id, count(*)::int as replicas from holds h join results r on r.job_id = ${uuidOf(jobId)} and r.shard_no = h.no and r.round = h.round
    where h.job_id = ${uuidOf(jobId)} and h.assurance = ${assurance} and h.window_no = ${windowNo}
      and r.agreed = 'yes' and r.settled_at is not null and not r.is_forfeited
    group by r.device_id order by r.device_id`;
  return rows.map((row) => ({ deviceId: idOf("dev", row.device_id), replicas: row.replicas }));
}

/** Notes that a job's pay of a window has vested, and forgets what was on hold there. */
export async function markVested(tx: Tx, { jobId, windowNo }: DueVesting, at: Date): Promise<void> {
  await tx`update job_windows set vested_at = ${at} where job_id = ${uuidOf(jobId)} and window_no = ${windowNo}`;
  await tx`update job_cursors set vested_window_no = greatest(vested_window_no, ${windowNo}) where job_id = ${uuidOf(jobId)}`;
  await tx`delete from holds where job_id = ${uuidOf(jobId)} and window_no = ${windowNo}`;
}

/** Jobs all of whose shards have a verdict, some of which were provisional when that was noted. */
export async function listComputed(reader: Reader): Promise<JobId[]> {
  const rows = await reader<{ id: string }[]>`select id from jobs where state = 'computed' order by id limit 500`;
  return rows.map((row) => idOf("job", row.id));
}
