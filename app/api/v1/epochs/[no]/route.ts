import { getEpoch } from "#lib/protocol/payouts/payouts.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getEpoch as command } from "#lib/server/payouts/get-epoch.ts";

export const GET = handle(getEpoch, command);
