import { signInWithPasskey } from "#lib/protocol/accounts/passkeys.ts";
import { signInWithPasskey as command } from "#lib/server/accounts/passkeys/sign-in-with-passkey.ts";
import { handleWithHeaders } from "#lib/server/http/handle.ts";

export const POST = handleWithHeaders(signInWithPasskey, command);
