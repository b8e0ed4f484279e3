import "server-only";
import type { closeDevice as closeDeviceEndpoint } from "#lib/protocol/devices/devices-of-account.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession } from "../../principal.ts";
import { lockOwnDevice, setClosed } from "./linked-device-store.ts";
import { viewDevice } from "./view-device.ts";

type Endpoint = typeof closeDeviceEndpoint;

/** Closes a device of the account for good. Its earnings stay and stay linked; what is held back is released as its checks end. Closing again changes nothing. */
export async function closeDevice(ctx: Context, { deviceId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const at = ctx.clock.now();
  const device = await transaction(ctx.db, async (tx) => {
    const own = await lockOwnDevice(tx, accountId, deviceId);
    if (!own) throw new ApiError("not_found", { what: "device" });
    await setClosed(tx, deviceId, at);
    return { ...own, closedAt: own.closedAt ?? at };
  });
  return { device: await viewDevice(ctx, device) };
}
