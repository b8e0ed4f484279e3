import { revokeKey } from "#lib/protocol/accounts/accounts.ts";
import { revokeKey as command } from "#lib/server/accounts/keys/revoke-key.ts";
import { handle } from "#lib/server/http/handle.ts";

export const DELETE = handle(revokeKey, command);
