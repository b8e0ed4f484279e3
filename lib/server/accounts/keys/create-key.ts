import "server-only";
import type { createKey as createKeyEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { requireSession } from "../../principal.ts";
import { hashSecret, makeKeySecret } from "./key-secret.ts";
import { insertKey, listKeyRows, type NewKey } from "./key-store.ts";
import { toKeyView } from "./list-keys.ts";

type Endpoint = typeof createKeyEndpoint;

const DAY_MS = 24 * 3600_000;
const HINT_LENGTH = 4;
const KEYS_MAX = 100;

/** Makes an API key and shows its secret, which is not kept, this once. Only a session may: a key that leaked cannot make others. */
export async function createKey(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const secret = makeKeySecret();
  const createdAt = ctx.clock.now();
  const expiresAt = input.expiresInDays === undefined ? null : new Date(createdAt.getTime() + input.expiresInDays * DAY_MS);
  const scopes = [...new Set(input.scopes)];
  const key: NewKey = {
    id: newId("key"),
    accountId,
    name: input.name,
    hint: secret.slice(-HINT_LENGTH),
    secretHash: hashSecret(secret),
    scopes,
    createdAt,
    expiresAt,
  };
  await transaction(ctx.db, async (tx) => {
    const keys = await listKeyRows(tx, accountId);
    if (keys.length >= KEYS_MAX) throw new ApiError("conflict", { problem: `you have ${KEYS_MAX} keys; revoke one first` });
    await insertKey(tx, key);
  });
  return { key: toKeyView({ ...key, lastUsedAt: null }), secret };
}
