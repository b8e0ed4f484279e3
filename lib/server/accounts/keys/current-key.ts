import "server-only";
import type { getCurrentKey as getCurrentKeyEndpoint, revokeCurrentKey as revokeCurrentKeyEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireAccount } from "../../principal.ts";
import { listKeyRows, markKeyRevoked } from "./key-store.ts";
import { toKeyView } from "./list-keys.ts";

/** The key that asks, with what it may and what it has spent. A session is no key: `not_found`. */
export async function getCurrentKey(ctx: Context, _input: InputOf<typeof getCurrentKeyEndpoint>): Promise<OutputOf<typeof getCurrentKeyEndpoint>> {
  const { accountId, key } = requireAccount(ctx.principal);
  const rows = key ? await listKeyRows(ctx.db, accountId, ctx.clock.now()) : [];
  const found = rows.find(({ id }) => id === key?.id);
  if (!found) throw new ApiError("not_found", { what: "key" });
  return { key: toKeyView(found) };
}

/** Revokes the key that asks: how a terminal signs out. */
export async function revokeCurrentKey(ctx: Context, _input: InputOf<typeof revokeCurrentKeyEndpoint>): Promise<OutputOf<typeof revokeCurrentKeyEndpoint>> {
  const { accountId, key } = requireAccount(ctx.principal);
  if (!key) throw new ApiError("not_found", { what: "key" });
  await transaction(ctx.db, (tx) => markKeyRevoked(tx, { id: key.id, accountId, at: ctx.clock.now() }));
  return { revoked: true };
}
