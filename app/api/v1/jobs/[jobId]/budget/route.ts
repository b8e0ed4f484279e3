import { raiseBudget } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { raiseBudget as command } from "#lib/server/jobs/raise-budget.ts";

export const PUT = handle(raiseBudget, command);
