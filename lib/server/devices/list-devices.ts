import "server-only";
import type { listDevices as listDevicesEndpoint } from "#lib/protocol/devices/devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../context.ts";
import { requireOperator } from "../principal.ts";
import { listTrustedDevices } from "./device-store.ts";

type Endpoint = typeof listDevicesEndpoint;

const DEVICES_MAX = 500;

/** The newest 500 trusted devices, revoked ones marked; for operators. */
export async function listDevices(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  requireOperator(ctx.principal, "devices:manage");
  const devices = await listTrustedDevices(ctx.db, DEVICES_MAX);
  return { devices: devices.map((device) => ({ ...device, lastSeenAt: device.lastSeenAt.toISOString() })) };
}
