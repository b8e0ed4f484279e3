import { getLogin } from "#lib/protocol/logins/logins.ts";
import { getLogin as command } from "#lib/server/accounts/logins/decide-login.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(getLogin, command);
