import { relayClaim } from "#lib/protocol/payouts/payouts.ts";
import { handle } from "#lib/server/http/handle.ts";
import { relayClaim as command } from "#lib/server/payouts/relay/relay-claim.ts";

export const POST = handle(relayClaim, command);
