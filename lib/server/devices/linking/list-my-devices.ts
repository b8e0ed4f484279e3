import "server-only";
import type { listMyDevices as listMyDevicesEndpoint } from "#lib/protocol/devices/devices-of-account.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { listLinkedDevices } from "./linked-device-store.ts";
import { viewDevice } from "./view-device.ts";

type Endpoint = typeof listMyDevicesEndpoint;

/** The account's devices, newest link first. */
export async function listMyDevices(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal);
  const devices = await listLinkedDevices(ctx.db, accountId);
  return { devices: await Promise.all(devices.map((device) => viewDevice(ctx, device))) };
}
