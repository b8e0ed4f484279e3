import { listBudgets } from "#lib/protocol/budgets/budgets.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listBudgets as command } from "#lib/server/ledger/budgets/list-budgets.ts";

export const GET = handle(listBudgets, command);
