import { getMe } from "#lib/protocol/accounts/accounts.ts";
import { getMe as command } from "#lib/server/accounts/get-me.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(getMe, command);
