import { getBalances } from "#lib/protocol/balances/balances.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getBalances as command } from "#lib/server/ledger/get-balances.ts";

export const GET = handle(getBalances, command);
