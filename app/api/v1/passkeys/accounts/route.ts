import { createPasskeyAccount } from "#lib/protocol/accounts/passkeys.ts";
import { createPasskeyAccount as command } from "#lib/server/accounts/passkeys/create-passkey-account.ts";
import { handleWithHeaders } from "#lib/server/http/handle.ts";

export const POST = handleWithHeaders(createPasskeyAccount, command);
