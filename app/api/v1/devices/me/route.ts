import { getDeviceLink } from "#lib/protocol/devices/devices-of-account.ts";
import { getDeviceLink as command } from "#lib/server/devices/linking/get-device-link.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(getDeviceLink, command);
