import "server-only";
import type { AccountId, PoolId } from "#lib/domain/ids.ts";
import type { PoolRole } from "#lib/domain/pool/pool.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Reader } from "../db/client.ts";
import { findRole } from "./pool-store.ts";

/** The account's role in the pool. To strangers a pool looks like one that does not exist. */
export async function requireMember(reader: Reader, poolId: PoolId, accountId: AccountId): Promise<PoolRole> {
  const role = await findRole(reader, poolId, accountId);
  if (!role) throw new ApiError("not_found", { what: "pool" });
  return role;
}

/** The same for what only admins may. */
export async function requireAdmin(reader: Reader, poolId: PoolId, accountId: AccountId): Promise<void> {
  if ((await requireMember(reader, poolId, accountId)) !== "admin") throw new ApiError("forbidden", { need: "the role of an admin of the pool" });
}
