import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AuditRecord } from "#lib/domain/trust/judge-auditor.ts";
import type { Reader, Tx } from "../db/client.ts";

/** Trusted devices that contradicted somebody since a moment, and those whose key was revoked or that were suspended with contradictions that still stand. */
export async function listAuditors(reader: Reader, since: Date): Promise<{ deviceId: DeviceId; isOut: boolean }[]> {
  const rows = await reader<{ id: string; is_out: boolean }[]>`
    select distinct f.by_device as id, coalesce(d.revoked_at is not null or t.suspended_at is not null, false) as is_out
    from refutations f left join devices d on d.id = f.by_device left join device_trust t on t.device_id = f.by_device
    where f.withdrawn_at is null and f.at >= ${since} and (not f.is_asked or d.revoked_at is not null or t.suspended_at is not null)`;
  return rows.map((row) => ({ deviceId: idOf("dev", row.id), isOut: row.is_out }));
}

/** Devices whose key was revoked or that were suspended, and whose word still confirms results on hold. */
export async function listVoidConfirmers(reader: Reader): Promise<DeviceId[]> {
  const rows = await reader<{ id: string }[]>`
    select distinct h.confirmed_by as id from holds h join devices d on d.id = h.confirmed_by left join device_trust t on t.device_id = d.id
    where h.confirmed_by is not null and (d.revoked_at is not null or t.suspended_at is not null)`;
  return rows.map((row) => idOf("dev", row.id));
}

/** Notes of which clusters trusted devices confirmed results. */
export async function noteAudits(tx: Tx, audits: readonly { byDevice: string; clusterId: string }[], at: Date): Promise<void> {
  const byKey = new Map(audits.map((audit) => [`${audit.byDevice} ${audit.clusterId}`, audit]));
  const rows = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, audit]) => ({ by_device: audit.byDevice, cluster_id: audit.clusterId, confirmed_at: at }));
  if (rows.length === 0) return;
  await tx`insert into audited_clusters ${tx(rows)} on conflict (by_device, cluster_id) do update set confirmed_at = excluded.confirmed_at`;
}

/** Forgets of which clusters trusted devices confirmed results before a moment. */
export async function forgetAudits(reader: Reader, before: Date): Promise<void> {
  await reader`delete from audited_clusters where confirmed_at < ${before}`;
}

/** What a trusted device said since a moment, and before of results whose windows have not closed; and which jobs it stopped since then. What owners chose for it to look at is left out. */
export async function readAuditRecord(reader: Reader, deviceId: DeviceId, since: Date): Promise<AuditRecord> {
  const id = uuidOf(deviceId);
  const contradicted = await reader<{ jobId: string; clusterId: string }[]>`
    select f.job_id as "jobId", f.cluster_id as "clusterId" from refutations f join trust_classes c on c.assurance = f.assurance
    where f.by_device = ${id} and f.withdrawn_at is null and not f.is_asked and (f.at >= ${since} or f.window_no > c.closed_window_no)`;
  const confirmed = await reader<{ clusterId: string }[]>`
    select cluster_id as "clusterId" from holds where confirmed_by = ${id} and device_id <> ${id}
    union select cluster_id from audited_clusters where by_device = ${id} and confirmed_at >= ${since}`;
  const stopped = await reader<{ jobId: string }[]>`
    select distinct job_id as "jobId" from refutations where by_device = ${id} and withdrawn_at >= ${since} and not is_asked`;
  return {
    stoppedJobs: stopped.map(({ jobId }) => jobId),
    clusters: new Set([...contradicted, ...confirmed].map(({ clusterId }) => clusterId)).size,
    contradicted,
  };
}

/** Believes a trusted device no longer; false if that was so before. */
export async function suspend(tx: Tx, deviceId: DeviceId, at: Date): Promise<boolean> {
  const rows = await tx`
    insert into device_trust (device_id, cluster_id, touched_at, suspended_at) values (${uuidOf(deviceId)}, ${uuidOf(deviceId)}, ${at}, ${at})
    on conflict (device_id) do update set suspended_at = ${at} where device_trust.suspended_at is null returning 1`;
  return rows.length > 0;
}

export type Withdrawn = { jobId: JobId; no: number; round: number };

/**
 * Withdraws what a device said against others: they are what they were before, and the estimate of hidden errors forgets it. Pay that they forfeited stays
 * forfeited. Returns which shards it had corrected.
 */
export async function withdrawRefutations(tx: Tx, deviceId: DeviceId, withdrawal: { jobId: JobId | null; at: Date }): Promise<Withdrawn[]> {
  const { jobId, at } = withdrawal;
  const rows = await tx<{ job_id: string; no: number; round: number; device_id: string; is_asked: boolean }[]>`
    update refutations set withdrawn_at = ${at}, applied_at = coalesce(applied_at, ${at})
    where by_device = ${uuidOf(deviceId)} and withdrawn_at is null and (${jobId === null ? null : uuidOf(jobId)}::uuid is null or job_id = ${jobId === null ? null : uuidOf(jobId)}::uuid)
    returning job_id, no, round, device_id, is_asked`;
  const wronged = [...new Set(rows.filter((row) => !row.is_asked).map((row) => row.device_id))].sort();
  if (wronged.length > 0) {
    await tx`
      update device_trust set stage = 'active', strikes = greatest(0, strikes - 1), watch_left = 0, justice_due_at = null
      where device_id = any(${wronged}::uuid[]) and not exists (
        select from refutations f where f.device_id = device_trust.device_id and f.withdrawn_at is null and not f.is_asked)`;
  }
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), no: row.no, round: row.round }));
}

/** Forgets a device's confirmations of results on hold; those that nobody else confirmed wait for a check again. Returns them. */
export async function forgetConfirmations(tx: Tx, deviceId: DeviceId): Promise<Withdrawn[]> {
  await tx`delete from audited_clusters where by_device = ${uuidOf(deviceId)}`;
  const rows = await tx<{ job_id: string; no: number; round: number; check: string }[]>`
    update holds set confirmed_by = null, "check" = case when witnesses = 0 then 'drawn' else "check" end where confirmed_by = ${uuidOf(deviceId)}
    returning job_id, no, round, "check"`;
  return rows.filter((row) => row.check === "drawn").map((row) => ({ jobId: idOf("job", row.job_id), no: row.no, round: row.round }));
}

/** The wrong auditor's own answers that became results: shards whose present verdict it gave. */
export async function listOwnVerdicts(reader: Reader, deviceId: DeviceId): Promise<Withdrawn[]> {
  const rows = await reader<{ job_id: string; no: number; round: number }[]>`select job_id, no, round from holds where device_id = ${uuidOf(deviceId)}`;
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), no: row.no, round: row.round }));
}
