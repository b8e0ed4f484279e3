import { createLogin } from "#lib/protocol/logins/logins.ts";
import { createLogin as command } from "#lib/server/accounts/logins/create-login.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(createLogin, command);
