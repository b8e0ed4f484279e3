import { createInvite } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { createInvite as create } from "#lib/server/pools/invites.ts";

export const POST = handle(createInvite, create);
