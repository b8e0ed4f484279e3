import { removePasskey } from "#lib/protocol/accounts/passkeys.ts";
import { removePasskey as command } from "#lib/server/accounts/passkeys/change-passkeys.ts";
import { handle } from "#lib/server/http/handle.ts";

export const DELETE = handle(removePasskey, command);
