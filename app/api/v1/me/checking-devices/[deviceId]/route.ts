import { revokeCheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import { revokeCheckingDevice as command } from "#lib/server/devices/checking/revoke-checking-device.ts";
import { handle } from "#lib/server/http/handle.ts";

export const DELETE = handle(revokeCheckingDevice, command);
