import "server-only";
import type { InstanceTrust } from "#lib/domain/trust/promise.ts";
import type { Reader } from "../db/client.ts";

/** What an instance is able to offer: verdicts since a moment by its minute counts, and devices that were there since another. */
export async function readInstanceTrust(reader: Reader, since: { verdicts: Date; seen: Date }): Promise<InstanceTrust> {
  const [row] = await reader<{ results: bigint; trusted: number; established: number }[]>`
    select
      coalesce((select accepted + failed from network_samples order by at desc limit 1)
        - (select accepted + failed from network_samples where at >= ${since.verdicts} order by at limit 1), 0)::bigint as results,
      (select count(*)::int from devices d left join device_trust t on t.device_id = d.id
        where d.trusted and d.revoked_at is null and d.last_seen_at >= ${since.seen} and t.suspended_at is null) as trusted,
      (select count(distinct t.cluster_id)::int from device_trust t join devices d on d.id = t.device_id
        where t.stage = 'active' and t.agreed >= 20 and d.last_seen_at >= ${since.seen} and d.revoked_at is null) as established`;
  return { resultsPerWindow: Number(row?.results ?? 0), trustedDevices: row?.trusted ?? 0, establishedClusters: row?.established ?? 0 };
}
