import "server-only";
import { POOL_LIMITS } from "#lib/domain/pool/pool.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { createPool as createPoolEndpoint } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { requireAccount } from "../principal.ts";
import { insertMember, insertPool, listPoolsOfAccount } from "./pool-store.ts";

type Endpoint = typeof createPoolEndpoint;

/** Makes a pool with the account as its admin. */
export async function createPool(ctx: Context, { name }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const id = newId("pol");
  const at = ctx.clock.now();
  await transaction(ctx.db, async (tx) => {
    const { poolsPerAccountMax } = POOL_LIMITS;
    if ((await listPoolsOfAccount(tx, accountId)).length >= poolsPerAccountMax)
      throw new ApiError("conflict", { problem: `you are in ${poolsPerAccountMax} pools; leave one first` });
    await insertPool(tx, { id, name, at });
    await insertMember(tx, { poolId: id, accountId, role: "admin", codeHash: null, at });
  });
  return { id, name, role: "admin", members: 1, devices: 0 };
}
