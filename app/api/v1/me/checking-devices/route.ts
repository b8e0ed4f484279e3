import { createCheckingCode, listCheckingDevices } from "#lib/protocol/devices/checking-devices.ts";
import { createCheckingCode as createCheckingCodeCommand } from "#lib/server/devices/checking/create-checking-code.ts";
import { listCheckingDevices as listCheckingDevicesCommand } from "#lib/server/devices/checking/list-checking-devices.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(createCheckingCode, createCheckingCodeCommand);
export const GET = handle(listCheckingDevices, listCheckingDevicesCommand);
