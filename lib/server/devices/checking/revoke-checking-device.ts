import "server-only";
import type { revokeCheckingDevice as revokeCheckingDeviceEndpoint } from "#lib/protocol/devices/checking-devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { withdrawDoubts } from "../../errands/own-check-store.ts";
import { requireAccount } from "../../principal.ts";
import { markOwnRevoked } from "./checking-device-store.ts";

type Endpoint = typeof revokeCheckingDeviceEndpoint;

/** Revokes the key of a device that checks the account's jobs: its token is refused within about a second, and nobody is asked about what it doubted any more. */
export async function revokeCheckingDevice(ctx: Context, { deviceId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  await transaction(ctx.db, async (tx) => {
    if (!(await markOwnRevoked(tx, { accountId, deviceId, at: ctx.clock.now() }))) throw new ApiError("not_found", { what: "device" });
    await withdrawDoubts(tx, deviceId, ctx.clock.now());
  });
  return { revoked: true };
}
