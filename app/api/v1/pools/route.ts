import { createPool, listPools } from "#lib/protocol/pools/pools.ts";
import { handle } from "#lib/server/http/handle.ts";
import { createPool as create } from "#lib/server/pools/create-pool.ts";
import { listPools as list } from "#lib/server/pools/list-pools.ts";

export const POST = handle(createPool, create);
export const GET = handle(listPools, list);
