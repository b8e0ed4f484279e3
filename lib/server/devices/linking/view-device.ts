import "server-only";
import type { MyDevice } from "#lib/protocol/devices/devices-of-account.ts";
import type { Services } from "../../context.ts";
import { getStanding } from "../../ledger/vesting-store.ts";
import type { LinkedDevice } from "./linked-device-store.ts";

/** What its account sees of a device, with its earnings. */
export async function viewDevice(services: Services, device: LinkedDevice): Promise<MyDevice> {
  const { paidMicro, pendingMicro, reservedMicro, verifiedMicro } = await getStanding(services.db, device.id);
  return {
    id: device.id,
    kind: device.kind,
    cores: device.cores,
    trusted: device.trusted,
    linkedAt: device.linkedAt?.toISOString() ?? null,
    lastSeenAt: device.lastSeenAt.toISOString(),
    closedAt: device.closedAt?.toISOString() ?? null,
    earnedMicro: String(paidMicro),
    pendingMicro: String(pendingMicro + verifiedMicro),
    reservedMicro: String(reservedMicro),
  };
}
