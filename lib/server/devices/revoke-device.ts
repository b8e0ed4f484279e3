import "server-only";
import type { revokeDevice as revokeDeviceEndpoint } from "#lib/protocol/devices/devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { requireOperator } from "../principal.ts";
import { markDeviceRevoked } from "./device-store.ts";

type Endpoint = typeof revokeDeviceEndpoint;

/** Revokes any device's key, for good: its token is refused within about a second, and it gets no new one. */
export async function revokeDevice(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  requireOperator(ctx.principal, "devices:manage");
  const at = ctx.clock.now();
  const exists = await transaction(ctx.db, (tx) => markDeviceRevoked(tx, input.deviceId, at));
  if (!exists) throw new ApiError("not_found", { what: "device" });
  return { revoked: true };
}
