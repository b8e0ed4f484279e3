import { listDevices, registerDevice } from "#lib/protocol/devices/devices.ts";
import { listDevices as listDevicesCommand } from "#lib/server/devices/list-devices.ts";
import { registerDevice as registerDeviceCommand } from "#lib/server/devices/register-device.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(listDevices, listDevicesCommand);
export const POST = handle(registerDevice, registerDeviceCommand);
