import { decideLogin } from "#lib/protocol/logins/logins.ts";
import { decideLogin as command } from "#lib/server/accounts/logins/decide-login.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(decideLogin, command);
