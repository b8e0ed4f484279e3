import "server-only";
import { POOL_LIMITS } from "#lib/domain/pool/pool.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { joinPool as joinPoolEndpoint } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { requireAccount } from "../principal.ts";
import { findInvitedPool } from "./invite-store.ts";
import { hashCode } from "./invites.ts";
import { insertMember, insertPoolDevice, listSummaries } from "./pool-store.ts";

type Endpoint = typeof joinPoolEndpoint;

/** Joins by the code of an open invite, as often as one likes: who belongs to the pool already stays what they are. */
export async function joinPool(ctx: Context, { code }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { principal } = ctx;
  if (principal.kind === "anonymous") throw new ApiError("unauthenticated");
  const accountId = principal.kind === "account" ? requireAccount(principal, "jobs:write").accountId : null;
  const at = ctx.clock.now();
  const codeHash = hashCode(code);
  return await transaction(ctx.db, async (tx) => {
    const poolId = await findInvitedPool(tx, codeHash, at);
    if (!poolId) throw new ApiError("not_found", { what: "open invite" });
    const [before] = await listSummaries(tx, [poolId], null);
    if (!before) throw new ApiError("not_found", { what: "open invite" });
    if (principal.kind === "device") {
      if (before.devices >= POOL_LIMITS.devicesMax) throw new ApiError("conflict", { problem: "the pool has as many devices as it can" });
      await insertPoolDevice(tx, { poolId, deviceId: principal.deviceId, codeHash, at });
    } else if (accountId) {
      if (before.members >= POOL_LIMITS.membersMax) throw new ApiError("conflict", { problem: "the pool has as many members as it can" });
      await insertMember(tx, { poolId, accountId, role: "member", codeHash, at });
    }
    const [summary] = await listSummaries(tx, [poolId], accountId);
    return summary ?? before;
  });
}
