import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { POOL_LIMITS } from "#lib/domain/pool/pool.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { createInvite as createInviteEndpoint, revokeInvite as revokeInviteEndpoint } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { requireAccount, requireSession } from "../principal.ts";
import { insertInvite, listOpenInvites, markInviteRevoked } from "./invite-store.ts";
import { requireAdmin } from "./require-role.ts";

type Create = typeof createInviteEndpoint;
type Revoke = typeof revokeInviteEndpoint;

const DAY_MS = 24 * 3600_000;
/** 128 random bits: nobody guesses one. */
const CODE_BYTES = 16;
const HINT_LENGTH = 4;

/** What is kept of a code. */
export function hashCode(code: string): string {
  return createHash("sha256").update(`pool-invite ${code}`).digest("hex");
}

/** Makes an invite and shows its code, which is not kept, this once. Only a session may: a key that leaked lets nobody in. */
export async function createInvite(ctx: Context, { poolId, expiresInDays }: InputOf<Create>): Promise<OutputOf<Create>> {
  const { accountId } = requireSession(ctx.principal);
  const code = randomBytes(CODE_BYTES).toString("base64url");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + expiresInDays * DAY_MS);
  const invite = { id: newId("inv"), poolId, hint: code.slice(-HINT_LENGTH), codeHash: hashCode(code), createdAt, expiresAt };
  await transaction(ctx.db, async (tx) => {
    await requireAdmin(tx, poolId, accountId);
    if ((await listOpenInvites(tx, poolId, createdAt)).length >= POOL_LIMITS.invitesMax)
      throw new ApiError("conflict", { problem: `the pool has ${POOL_LIMITS.invitesMax} open invites; revoke one first` });
    await insertInvite(tx, invite);
  });
  return { invite: { id: invite.id, hint: invite.hint, expiresAt: expiresAt.toISOString() }, code };
}

/** Ends an invite; who joined by it stays. */
export async function revokeInvite(ctx: Context, { poolId, inviteId }: InputOf<Revoke>): Promise<OutputOf<Revoke>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const isRevoked = await transaction(ctx.db, async (tx) => {
    await requireAdmin(tx, poolId, accountId);
    return await markInviteRevoked(tx, { id: inviteId, poolId, now: ctx.clock.now() });
  });
  if (!isRevoked) throw new ApiError("not_found", { what: "open invite" });
  return { revoked: true };
}
