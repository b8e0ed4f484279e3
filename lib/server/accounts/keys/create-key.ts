import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import type { createKey as createKeyEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { getOwnJob } from "../../jobs/get-job.ts";
import { requireSession } from "../../principal.ts";
import { hashSecret, makeKeySecret } from "./key-secret.ts";
import { insertKey, listKeyRows, type NewKey } from "./key-store.ts";
import { toKeyView } from "./list-keys.ts";

type Endpoint = typeof createKeyEndpoint;

const DAY_MS = 24 * 3600_000;
const HINT_LENGTH = 4;
const KEYS_MAX = 100;

/**
 * Makes an API key and shows its secret, which is not kept, this once. Only a session may: a key that leaked cannot make others. Throws `not_found` for a
 * restriction to a job that is not the account's.
 */
export async function createKey(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(ctx.principal);
  if (input.jobId) await getOwnJob(ctx, accountId, input.jobId);
  return await transaction(ctx.db, (tx) => insertNewKey(tx, { accountId, now: ctx.clock.now(), input }));
}

/** Inserts a key of an account and gives its secret; `conflict` where the account has a hundred. The caller has authorised it. */
export async function insertNewKey(
  tx: Tx,
  { accountId, now, input }: { accountId: AccountId; now: Date; input: InputOf<Endpoint> },
): Promise<OutputOf<Endpoint>> {
  const secret = makeKeySecret();
  const key = {
    id: newId("key"),
    accountId,
    name: input.name,
    hint: secret.slice(-HINT_LENGTH),
    secretHash: hashSecret(secret),
    scopes: [...new Set(input.scopes)],
    createdAt: now,
    expiresAt: input.expiresInDays === undefined ? null : new Date(now.getTime() + input.expiresInDays * DAY_MS),
    jobId: input.jobId ?? null,
    spendDayMicro: input.spendDayMicro === undefined ? null : BigInt(input.spendDayMicro),
    spendTotalMicro: input.spendTotalMicro === undefined ? null : BigInt(input.spendTotalMicro),
  } satisfies NewKey;
  const keys = await listKeyRows(tx, accountId, now);
  if (keys.length >= KEYS_MAX) throw new ApiError("conflict", { problem: `you have ${KEYS_MAX} keys; revoke one first` });
  await insertKey(tx, key);
  return { key: toKeyView({ ...key, lastUsedAt: null, spent: { dayMicro: 0n, totalMicro: 0n } }), secret };
}
