import { getNetworkJob } from "#lib/protocol/network/network.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getNetworkJob as command } from "#lib/server/network/get-network.ts";

export const GET = handle(getNetworkJob, command);
