import { listEarnings } from "#lib/protocol/payouts/payouts.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listEarnings as command } from "#lib/server/payouts/list-earnings.ts";

export const GET = handle(listEarnings, command);
