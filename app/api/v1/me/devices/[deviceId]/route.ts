import { unlinkDevice } from "#lib/protocol/devices/devices-of-account.ts";
import { unlinkDevice as command } from "#lib/server/devices/linking/unlink-device.ts";
import { handle } from "#lib/server/http/handle.ts";

export const DELETE = handle(unlinkDevice, command);
