import { removeFromPool, setPoolRole } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { removeFromPool as remove, setPoolRole as setRole } from "#lib/server/pools/members.ts";

export const DELETE = handle(removeFromPool, remove);
export const PUT = handle(setPoolRole, setRole);
