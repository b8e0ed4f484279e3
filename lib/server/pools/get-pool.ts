import "server-only";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getPool as getPoolEndpoint, PoolView } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { listOpenInvites } from "./invite-store.ts";
import { listBelonging, listSummaries } from "./pool-store.ts";
import { requireMember } from "./require-role.ts";

/** A pool as its members see it; invites are for admins. */
export async function getPool({ db, clock, principal }: Context, { poolId }: InputOf<typeof getPoolEndpoint>): Promise<PoolView> {
  const { accountId } = requireAccount(principal, "jobs:read");
  const role = await requireMember(db, poolId, accountId);
  const [[summary], belonging, invites] = await Promise.all([
    listSummaries(db, [poolId], accountId),
    listBelonging(db, poolId),
    role === "admin" ? listOpenInvites(db, poolId, clock.now()) : [],
  ]);
  if (!summary) throw new ApiError("not_found", { what: "pool" });
  return { ...summary, ...belonging, invites: invites.map(({ expiresAt, ...invite }) => ({ ...invite, expiresAt: expiresAt.toISOString() })) };
}
