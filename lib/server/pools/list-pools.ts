import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import type { PoolSummary } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { listPoolsOfAccount, listPoolsOfDevice, listSummaries } from "./pool-store.ts";

/** The pools of an account, or those that a device may compute for. */
export async function listPools({ db, principal }: Context): Promise<{ pools: PoolSummary[] }> {
  if (principal.kind === "anonymous") throw new ApiError("unauthenticated");
  if (principal.kind === "device") return { pools: await listSummaries(db, await listPoolsOfDevice(db, principal.deviceId), null) };
  const { accountId } = requireAccount(principal, "jobs:read");
  return { pools: await listSummaries(db, await listPoolsOfAccount(db, accountId), accountId) };
}
