import { listStatement } from "#lib/protocol/budgets/budgets.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listStatement as command } from "#lib/server/ledger/statement/list-statement.ts";

export const GET = handle(listStatement, command);
