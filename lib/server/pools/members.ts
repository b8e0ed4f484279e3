import "server-only";
import { type AccountId, type DeviceId, isId, type PoolId } from "#lib/domain/ids.ts";
import { keepsAdmin, type PoolRole } from "#lib/domain/pool/pool.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { removeFromPool as removeEndpoint, setPoolRole as setRoleEndpoint } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { type Principal, requireAccount, requireSession } from "../principal.ts";
import { countAdmins, deleteMember, deletePoolDevice, findRole, lockPool, updateRole } from "./pool-store.ts";
import { requireAdmin } from "./require-role.ts";

type Remove = typeof removeEndpoint;
type SetRole = typeof setRoleEndpoint;

/** Takes an account or a device out of a pool: an admin anybody, everybody else oneself. The last admin stays. */
export async function removeFromPool(ctx: Context, { poolId, memberId }: InputOf<Remove>): Promise<OutputOf<Remove>> {
  await transaction(ctx.db, async (tx) => {
    if (!(await lockPool(tx, poolId))) throw new ApiError("not_found", { what: "pool" });
    await requireSelfOrAdmin(tx, ctx.principal, { poolId, memberId });
    const isRemoved = isId("dev", memberId) ? await deletePoolDevice(tx, poolId, memberId as DeviceId) : await removeAccount(tx, poolId, memberId as AccountId);
    if (!isRemoved) throw new ApiError("not_found", { what: "member of the pool" });
  });
  return { removed: true };
}

async function requireSelfOrAdmin(tx: Tx, principal: Principal, { poolId, memberId }: InputOf<Remove>): Promise<void> {
  if (principal.kind === "device") {
    // To a device that asks about anybody else the pool does not exist.
    if (principal.deviceId !== memberId) throw new ApiError("not_found", { what: "pool" });
    return;
  }
  const { accountId } = requireAccount(principal, "jobs:write");
  if (accountId !== memberId) await requireAdmin(tx, poolId, accountId);
}

async function removeAccount(tx: Tx, poolId: PoolId, accountId: AccountId): Promise<boolean> {
  await requireAnotherAdmin(tx, { poolId, accountId, to: null });
  return await deleteMember(tx, poolId, accountId);
}

/** Makes a member an admin or the other way round. Only a session may: a key that leaked makes nobody an admin. */
export async function setPoolRole(ctx: Context, { poolId, memberId, role }: InputOf<SetRole>): Promise<OutputOf<SetRole>> {
  const { accountId } = requireSession(ctx.principal);
  await transaction(ctx.db, async (tx) => {
    if (!(await lockPool(tx, poolId))) throw new ApiError("not_found", { what: "pool" });
    await requireAdmin(tx, poolId, accountId);
    await requireAnotherAdmin(tx, { poolId, accountId: memberId, to: role });
    await updateRole(tx, { poolId, accountId: memberId, role });
  });
  return { role };
}

async function requireAnotherAdmin(tx: Tx, change: { poolId: PoolId; accountId: AccountId; to: PoolRole | null }): Promise<void> {
  const from = await findRole(tx, change.poolId, change.accountId);
  if (!from) throw new ApiError("not_found", { what: "member of the pool" });
  if (!keepsAdmin(await countAdmins(tx, change.poolId), { from, to: change.to }))
    throw new ApiError("conflict", { problem: "a pool keeps at least one admin; make somebody else one first" });
}
