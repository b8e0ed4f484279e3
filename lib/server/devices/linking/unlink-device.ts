import "server-only";
import type { unlinkDevice as unlinkDeviceEndpoint } from "#lib/protocol/devices/devices-of-account.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession } from "../../principal.ts";
import { clearLink, lockOwnDevice } from "./linked-device-store.ts";

type Endpoint = typeof unlinkDeviceEndpoint;

/** Takes a device off the account of the session. What an epoch has taken stays the account's; the rest goes with the device. */
export async function unlinkDevice(ctx: Context, { deviceId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(ctx.principal);
  await transaction(ctx.db, async (tx) => {
    if (!(await lockOwnDevice(tx, accountId, deviceId))) throw new ApiError("not_found", { what: "device" });
    await clearLink(tx, deviceId, ctx.clock.now());
  });
  return { unlinked: true };
}
