import "server-only";
import type { revokeKey as revokeKeyEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession } from "../../principal.ts";
import { markKeyRevoked } from "./key-store.ts";

type Endpoint = typeof revokeKeyEndpoint;

/** Revokes one of the account's keys at once; a key of somebody else is `not_found`. */
export async function revokeKey(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const at = ctx.clock.now();
  const exists = await transaction(ctx.db, (tx) => markKeyRevoked(tx, { id: input.keyId, accountId, at }));
  if (!exists) throw new ApiError("not_found", { what: "key" });
  return { revoked: true };
}
