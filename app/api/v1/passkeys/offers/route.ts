import { offerPasskey } from "#lib/protocol/accounts/passkeys.ts";
import { offerPasskey as command } from "#lib/server/accounts/passkeys/offer-passkey.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(offerPasskey, command);
