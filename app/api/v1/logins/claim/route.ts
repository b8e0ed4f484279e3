import { claimLogin } from "#lib/protocol/logins/logins.ts";
import { claimLogin as command } from "#lib/server/accounts/logins/claim-login.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(claimLogin, command);
