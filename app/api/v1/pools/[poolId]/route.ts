import { getPool } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getPool as read } from "#lib/server/pools/get-pool.ts";

export const GET = handle(getPool, read);
