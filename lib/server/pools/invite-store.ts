import "server-only";
import { type InviteId, idOf, type PoolId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

export type NewInvite = { id: InviteId; poolId: PoolId; hint: string; codeHash: string; createdAt: Date; expiresAt: Date };

export async function insertInvite(tx: Tx, invite: NewInvite): Promise<void> {
  await tx`insert into pool_invites (id, pool_id, hint, code_hash, created_at, expires_at)
    values (${uuidOf(invite.id)}, ${uuidOf(invite.poolId)}, ${invite.hint}, ${invite.codeHash}, ${invite.createdAt}, ${invite.expiresAt})`;
}

/** The invites of a pool that still let somebody in. */
export async function listOpenInvites(reader: Reader, poolId: PoolId, now: Date): Promise<Pick<NewInvite, "id" | "hint" | "expiresAt">[]> {
  const rows = await reader<{ id: string; hint: string; expires_at: Date }[]>`
    select id, hint, expires_at from pool_invites where pool_id = ${uuidOf(poolId)} and revoked_at is null and expires_at > ${now} order by created_at, id`;
  return rows.map(({ id, hint, expires_at }) => ({ id: idOf("inv", id), hint, expiresAt: expires_at }));
}

/** The pool that a code lets into now, or null. The invite is locked, so that one which is revoked at the same moment lets in nobody afterwards. */
export async function findInvitedPool(tx: Tx, codeHash: string, now: Date): Promise<PoolId | null> {
  const [row] = await tx<{ pool_id: string }[]>`
    select pool_id from pool_invites where code_hash = ${codeHash} and revoked_at is null and expires_at > ${now} for share`;
  return row ? idOf("pol", row.pool_id) : null;
}

/** The open invite of a code, without holding it; null if there is none. */
export async function findOpenInvite(reader: Reader, codeHash: string, now: Date): Promise<{ poolId: PoolId; expiresAt: Date } | null> {
  const [row] = await reader<{ pool_id: string; expires_at: Date }[]>`
    select pool_id, expires_at from pool_invites where code_hash = ${codeHash} and revoked_at is null and expires_at > ${now}`;
  return row ? { poolId: idOf("pol", row.pool_id), expiresAt: row.expires_at } : null;
}

/** Ends an invite of this pool; false if there is no open one. */
export async function markInviteRevoked(tx: Tx, invite: { id: InviteId; poolId: PoolId; now: Date }): Promise<boolean> {
  const rows = await tx`
    update pool_invites set revoked_at = ${invite.now} where id = ${uuidOf(invite.id)} and pool_id = ${uuidOf(invite.poolId)} and revoked_at is null returning 1`;
  return rows.length === 1;
}
