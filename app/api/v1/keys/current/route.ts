import { getCurrentKey, revokeCurrentKey } from "#lib/protocol/accounts/accounts.ts";
import { getCurrentKey as read, revokeCurrentKey as revoke } from "#lib/server/accounts/keys/current-key.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(getCurrentKey, read);
export const DELETE = handle(revokeCurrentKey, revoke);
