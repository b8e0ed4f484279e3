import { revokeDevice } from "#lib/protocol/devices/devices.ts";
import { revokeDevice as command } from "#lib/server/devices/revoke-device.ts";
import { handle } from "#lib/server/http/handle.ts";

export const DELETE = handle(revokeDevice, command);
