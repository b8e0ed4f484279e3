import { getNetworkShoal } from "#lib/protocol/network/network.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getNetworkShoal as command } from "#lib/server/network/get-network-shoal.ts";

export const GET = handle(getNetworkShoal, command);
