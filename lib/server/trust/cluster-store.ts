import "server-only";
import { type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import type { Tx } from "../db/client.ts";

/** Counts a new device that came with a key; how many did within its life, this one among them. */
export async function countRegistration(tx: Tx, key: string, count: { by: number; clusterId: string; expiresAt: Date }): Promise<number> {
  const [row] = await tx<{ registrations: number }[]>`
    insert into cluster_keys as k (key, cluster_id, registrations, expires_at) values (${key}, ${count.clusterId}, ${count.by}, ${count.expiresAt})
    on conflict (key) do update set registrations = k.registrations + ${count.by} returning registrations`;
  return row?.registrations ?? 0;
}

/**
 * Puts a device into the cluster that its keys name, and makes one of all clusters that they name, which was found out when the last of them was. The smallest id stands
 * for the cluster, so that whoever joins the same clusters at the same moment comes to the same one. Returns it.
 */
export async function joinClusters(tx: Tx, device: { deviceId: DeviceId; ownId: string; keys: readonly string[]; at: Date; expiresAt: Date }): Promise<string> {
  const keys = [...new Set(device.keys)].sort();
  const found = await tx<{ cluster_id: string }[]>`
    select cluster_id from cluster_keys where key = any(${keys}::text[]) and expires_at > ${device.at} order by key for update`;
  const ids = [...new Set(found.map((row) => row.cluster_id))].sort();
  const root = ids[0] ?? device.ownId;
  const others = ids.filter((id) => id !== root);
  if (others.length > 0) {
    await tx`update cluster_keys set cluster_id = ${root} where cluster_id = any(${others}::uuid[])`;
    await tx`update device_trust set cluster_id = ${root} where cluster_id = any(${others}::uuid[])`;
    await tx`
      insert into tainted_clusters as c (cluster_id, tainted_at)
      select ${root}::uuid, max(tainted_at) from tainted_clusters where cluster_id = any(${others}::uuid[]) having count(*) > 0
      on conflict (cluster_id) do update set tainted_at = greatest(c.tainted_at, excluded.tainted_at)`;
  }
  if (keys.length > 0) {
    await tx`
      insert into cluster_keys (key, cluster_id, expires_at) select key, ${root}, ${device.expiresAt} from unnest(${keys}::text[]) as k (key) order by key
      on conflict (key) do update set cluster_id = excluded.cluster_id, expires_at = greatest(cluster_keys.expires_at, excluded.expires_at)`;
  }
  await tx`
    insert into device_trust (device_id, cluster_id, touched_at) values (${uuidOf(device.deviceId)}, ${root}, ${device.at})
    on conflict (device_id) do update set cluster_id = excluded.cluster_id`;
  return root;
}
