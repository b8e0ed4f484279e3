import { revokeInvite } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { revokeInvite as revoke } from "#lib/server/pools/invites.ts";

export const DELETE = handle(revokeInvite, revoke);
