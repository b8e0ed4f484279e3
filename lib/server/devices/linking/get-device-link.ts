import "server-only";
import type { getDeviceLink as getDeviceLinkEndpoint } from "#lib/protocol/devices/devices-of-account.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../../context.ts";
import { getStanding } from "../../ledger/vesting-store.ts";
import { requireDevice } from "../../principal.ts";
import { getDeviceOwner } from "./linked-device-store.ts";

type Endpoint = typeof getDeviceLinkEndpoint;

/** To which account the device behind the token belongs, and what it has earned. */
export async function getDeviceLink(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { deviceId } = requireDevice(ctx.principal);
  const [{ address, accountId, linkedAt }, standing] = await Promise.all([getDeviceOwner(ctx.db, deviceId), getStanding(ctx.db, deviceId)]);
  return {
    deviceId,
    address,
    accountId,
    linkedAt: linkedAt?.toISOString() ?? null,
    earnedMicro: String(standing.paidMicro),
    pendingMicro: String(standing.pendingMicro + standing.verifiedMicro),
  };
}
