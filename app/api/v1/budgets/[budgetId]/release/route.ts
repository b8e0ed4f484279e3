import { createRelease } from "#lib/protocol/budgets/budgets.ts";
import { handle } from "#lib/server/http/handle.ts";
import { createRelease as command } from "#lib/server/ledger/budgets/create-release.ts";

export const POST = handle(createRelease, command);
