import { joinPool } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { joinPool as join } from "#lib/server/pools/join-pool.ts";

export const POST = handle(joinPool, join);
