import { getNetwork } from "#lib/protocol/network/network.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getNetwork as command } from "#lib/server/network/get-network.ts";

export const GET = handle(getNetwork, command);
