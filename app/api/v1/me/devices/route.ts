import { linkDevice, listMyDevices } from "#lib/protocol/devices/devices-of-account.ts";
import { linkDevice as linkDeviceCommand } from "#lib/server/devices/linking/link-device.ts";
import { listMyDevices as listMyDevicesCommand } from "#lib/server/devices/linking/list-my-devices.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(linkDevice, linkDeviceCommand);
export const GET = handle(listMyDevices, listMyDevicesCommand);
