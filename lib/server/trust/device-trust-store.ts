import "server-only";
import type { DeviceTrust } from "#lib/domain/trust/device-trust.ts";
import type { Reader, Tx } from "../db/client.ts";

export type KnownDevice = { deviceId: string; clusterId: string; trust: DeviceTrust /** Up to when its trust has faded. */; fadedAt: Date; isTrusted: boolean };

/** Locks what is known of these devices, in the order of their ids; unknown ones get a row in the cluster that their results name. */
export async function lockDevices(tx: Tx, devices: ReadonlyMap<string, { clusterId: string }>, at: Date): Promise<KnownDevice[]> {
  const ids = [...devices.keys()].sort();
  if (ids.length === 0) return [];
  await tx`
    insert into device_trust (device_id, cluster_id, touched_at)
    select id, cluster_id, ${at} from unnest(${ids}::uuid[], ${ids.map((id) => devices.get(id)?.clusterId ?? id)}::uuid[]) as d (id, cluster_id) order by id
    on conflict do nothing`;
  const rows = await tx<(DeviceTrust & { deviceId: string; clusterId: string; fadedAt: Date; isTrusted: boolean })[]>`
    select t.device_id as "deviceId", t.cluster_id as "clusterId", t.touched_at as "fadedAt", t.stage, t.age, t.agreed, t.strikes, t.watch_left as "watchLeft",
      coalesce(d.trusted and d.revoked_at is null and t.suspended_at is null, false) as "isTrusted"
    from device_trust t left join devices d on d.id = t.device_id where t.device_id = any(${ids}::uuid[]) order by t.device_id for update of t`;
  return rows.map(({ deviceId, clusterId, fadedAt, isTrusted, ...trust }) => ({ deviceId, clusterId, fadedAt, isTrusted, trust }));
}

/** Keeps what became of devices, and up to when each has faded; `found` were found out, and what they have on hold has to be dealt with. */
export async function saveDevices(
  tx: Tx,
  trusts: ReadonlyMap<string, DeviceTrust>,
  mark: { at: Date; fadedAt: ReadonlyMap<string, Date>; found: ReadonlySet<string> },
): Promise<void> {
  const ids = [...trusts.keys()].sort();
  const of = (id: string): DeviceTrust => trusts.get(id) as DeviceTrust;
  await tx`
    update device_trust t set stage = d.stage, age = d.age, agreed = d.agreed, strikes = d.strikes, watch_left = d.watch_left, touched_at = d.faded_at,
      justice_due_at = case when t.device_id = any(${[...mark.found]}::uuid[]) then ${mark.at} else t.justice_due_at end
    from unnest(${ids}::uuid[], ${ids.map((id) => of(id).stage)}::text[], ${ids.map((id) => of(id).age)}::float8[], ${ids.map((id) => of(id).agreed)}::float8[],
      ${ids.map((id) => of(id).strikes)}::smallint[], ${ids.map((id) => of(id).watchLeft)}::smallint[], ${ids.map((id) => mark.fadedAt.get(id) ?? mark.at)}::timestamptz[])
      as d (id, stage, age, agreed, strikes, watch_left, faded_at)
    where t.device_id = d.id and t.device_id = any(${ids}::uuid[])`;
}

/** When these clusters were last found out; clean ones are left out. */
export async function listTainted(reader: Reader, clusterIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await reader<{ cluster_id: string; tainted_at: Date }[]>`
    select cluster_id, tainted_at from tainted_clusters where cluster_id = any(${[...clusterIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.cluster_id, row.tainted_at.getTime()]));
}

/** Notes that somebody of these clusters was found out. */
export async function taintClusters(tx: Tx, clusterIds: readonly string[], at: Date): Promise<void> {
  await tx`
    insert into tainted_clusters (cluster_id, tainted_at) select id, ${at} from unnest(${[...new Set(clusterIds)].sort()}::uuid[]) as c (id)
    on conflict (cluster_id) do update set tainted_at = excluded.tainted_at`;
}
