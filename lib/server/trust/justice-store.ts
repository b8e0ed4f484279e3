import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { DeviceTrust } from "#lib/domain/trust/device-trust.ts";
import type { Reader, Tx } from "../db/client.ts";

export type FoundDevice = { deviceId: DeviceId; clusterId: string; stage: DeviceTrust["stage"] };

/** Devices that were found out and whose results on hold are not dealt with yet. */
export async function listFoundOut(reader: Reader, limit: number): Promise<FoundDevice[]> {
  const rows = await reader<(Omit<FoundDevice, "deviceId"> & { id: string })[]>`
    select device_id as id, cluster_id as "clusterId", stage from device_trust where justice_due_at is not null order by justice_due_at limit ${limit}`;
  return rows.map(({ id, ...row }) => ({ ...row, deviceId: idOf("dev", id) }));
}

/** Notes that a device that was found out is dealt with. */
export async function markDealtWith(tx: Tx, deviceId: DeviceId): Promise<void> {
  await tx`update device_trust set justice_due_at = null where device_id = ${uuidOf(deviceId)}`;
}

export type SuspectHold = {
  jobId: JobId;
  no: number;
  round: number;
  assurance: AssuranceClass;
  check: "none" | "drawn" | "done";
  confirmedBy: string | null;
  witnesses: number;
};

/** What a device has on hold, over all jobs. */
export async function listHoldsOf(reader: Reader, deviceId: DeviceId): Promise<SuspectHold[]> {
  const rows = await reader<(Omit<SuspectHold, "jobId"> & { job_id: string })[]>`
    select job_id, no, round, assurance, "check", confirmed_by as "confirmedBy", witnesses from holds where device_id = ${uuidOf(deviceId)} order by job_id, no`;
  return rows.map(({ job_id, ...row }) => ({ ...row, jobId: idOf("job", job_id) }));
}

/** Marks holds as waiting for a check. */
export async function markDrawn(tx: Tx, jobId: JobId, shards: readonly { no: number; round: number }[]): Promise<void> {
  const nos = shards.map(({ no }) => no);
  await tx`
    update holds h set "check" = 'drawn' from unnest(${nos}::int[], ${shards.map(({ round }) => round)}::smallint[]) as s (no, round)
    where h.job_id = ${uuidOf(jobId)} and h.no = any(${nos}::int[]) and h.no = s.no and h.round = s.round`;
}

/** How many other devices of a cluster are watched or burned. */
export async function countAccused(reader: Reader, of: Pick<FoundDevice, "deviceId" | "clusterId">): Promise<number> {
  const [row] = await reader<{ accused: number }[]>`
    select count(*)::int as accused from device_trust where cluster_id = ${of.clusterId} and device_id <> ${uuidOf(of.deviceId)} and stage <> 'active'`;
  return row?.accused ?? 0;
}

export type UncheckedHold = { jobId: JobId; no: number; round: number };

/** What others of a device's cluster have on hold in open windows, unchecked and confirmed by nobody, with lots below a rate; the lowest lots first. */
export async function listUncheckedOfCluster(
  reader: Reader,
  of: Pick<FoundDevice, "deviceId" | "clusterId">,
  drawn: { rate: number; limit: number },
): Promise<UncheckedHold[]> {
  const rows = await reader<{ job_id: string; no: number; round: number }[]>`
    select h.job_id, h.no, h.round from device_trust t join holds h on h.device_id = t.device_id join trust_classes c on c.assurance = h.assurance
    where t.cluster_id = ${of.clusterId} and t.device_id <> ${uuidOf(of.deviceId)} and h.window_no > c.closed_window_no
      and h."check" = 'none' and h.confirmed_by is null and h.witnesses = 0 and h.lot < ${drawn.rate}
      and exists (select from job_cursors j where j.job_id = h.job_id and j.state not in ('cancelled', 'failed'))
    order by h.lot limit ${drawn.limit}`;
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), no: row.no, round: row.round }));
}

/** Draws holds for a check at a rate, which from now on is the one they count at; those that are drawn or checked meanwhile stay as they are. Returns the drawn. */
export async function redraw(tx: Tx, jobId: JobId, shards: readonly { no: number; round: number }[], rate: number): Promise<{ no: number; round: number }[]> {
  const nos = shards.map(({ no }) => no);
  return await tx<{ no: number; round: number }[]>`
    update holds h set "check" = 'drawn', rate = greatest(h.rate, ${rate}) from unnest(${nos}::int[], ${shards.map(({ round }) => round)}::smallint[]) as s (no, round)
    where h.job_id = ${uuidOf(jobId)} and h.no = any(${nos}::int[]) and h.no = s.no and h.round = s.round and h."check" = 'none' returning h.no, h.round`;
}

/** Jobs in which a device has pay that it may still forfeit. */
export async function listJobsWithPending(reader: Reader, deviceId: DeviceId): Promise<JobId[]> {
  const rows = await reader<{ job_id: string }[]>`
    select job_id from job_postings where device_id = ${uuidOf(deviceId)} and side = 'pending' group by job_id having sum(amount_micro) > 0 order by job_id`;
  return rows.map((row) => idOf("job", row.job_id));
}

/** How many wants only trusted devices may take wait, and how many such devices were there lately. */
export async function readTrustedRoom(reader: Reader, seenSince: Date): Promise<{ waiting: number; devices: number }> {
  const [row] = await reader<{ waiting: number; devices: number }[]>`
    select (select count(*)::int from wanted where lane = 'trusted' and taken_at is null) as waiting,
      (select count(*)::int from devices d left join device_trust t on t.device_id = d.id
        where d.trusted and d.revoked_at is null and t.suspended_at is null and d.last_seen_at >= ${seenSince}) as devices`;
  return row ?? { waiting: 0, devices: 0 };
}
