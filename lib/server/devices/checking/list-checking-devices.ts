import "server-only";
import type { listCheckingDevices as listCheckingDevicesEndpoint } from "#lib/protocol/devices/checking-devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { listCheckingDevicesOf } from "./checking-device-store.ts";

type Endpoint = typeof listCheckingDevicesEndpoint;

/** The devices that check the account's jobs, newest first. */
export async function listCheckingDevices(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const devices = await listCheckingDevicesOf(ctx.db, accountId);
  return { devices: devices.map((device) => ({ ...device, enrolledAt: device.enrolledAt.toISOString(), lastSeenAt: device.lastSeenAt.toISOString() })) };
}
