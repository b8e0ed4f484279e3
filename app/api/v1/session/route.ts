import { signIn, signOut } from "#lib/protocol/accounts/accounts.ts";
import { signIn as signInCommand } from "#lib/server/accounts/sign-in.ts";
import { signOut as signOutCommand } from "#lib/server/accounts/sign-out.ts";
import { handleWithHeaders } from "#lib/server/http/handle.ts";

export const POST = handleWithHeaders(signIn, signInCommand);
export const DELETE = handleWithHeaders(signOut, signOutCommand);
