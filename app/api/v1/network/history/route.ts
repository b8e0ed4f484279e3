import { getNetworkHistory } from "#lib/protocol/network/network.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getNetworkHistory as command } from "#lib/server/network/get-network-history.ts";

export const GET = handle(getNetworkHistory, command);
