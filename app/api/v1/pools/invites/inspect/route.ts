import { inspectInvite } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { inspectInvite as command } from "#lib/server/pools/inspect-invite.ts";

export const POST = handle(inspectInvite, command);
