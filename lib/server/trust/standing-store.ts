import "server-only";
import { uuidOf } from "#lib/domain/ids.ts";
import { type DeviceTrust, UNKNOWN_DEVICE } from "#lib/domain/trust/device-trust.ts";
import type { Reader } from "../db/client.ts";
import type { DevicePrincipal } from "../principal.ts";

/** What an exchange has to know of its device. */
export type Standing = {
  clusterId: string;
  trust: DeviceTrust;
  /** An operator enrolled it and it was not found wrong. */
  isTrusted: boolean;
};

/** How a device stands: one row by its key. One that nothing is known of is a cluster of its own. */
export async function getStanding(reader: Reader, device: Pick<DevicePrincipal, "deviceId" | "voterId" | "trusted">): Promise<Standing> {
  const [row] = await reader<(DeviceTrust & { clusterId: string; suspendedAt: Date | null })[]>`
    select cluster_id as "clusterId", stage, age, agreed, strikes, watch_left as "watchLeft", suspended_at as "suspendedAt"
    from device_trust where device_id = ${uuidOf(device.deviceId)}`;
  if (!row) return { clusterId: device.voterId, trust: UNKNOWN_DEVICE, isTrusted: device.trusted };
  const { clusterId, suspendedAt, ...trust } = row;
  return { clusterId, trust, isTrusted: device.trusted && suspendedAt === null };
}
