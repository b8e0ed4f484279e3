import { exportMe } from "#lib/protocol/accounts/accounts.ts";
import { exportMe as command } from "#lib/server/accounts/data/export-me.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(exportMe, command);
