import { closeDevice } from "#lib/protocol/devices/devices-of-account.ts";
import { closeDevice as command } from "#lib/server/devices/linking/close-device.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(closeDevice, command);
