import "server-only";
import type { addPasskey as addEndpoint, listPasskeys as listEndpoint, removePasskey as removeEndpoint } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { requireFreshSession, requireSession } from "../../principal.ts";
import { findAccount } from "../account-store.ts";
import { consumeChallenge } from "../consume-challenge.ts";
import { lockAccount } from "../data/account-data-store.ts";
import { deletePasskey, insertPasskey, listPasskeyRows } from "./passkey-store.ts";
import { challengeOf, readNewCredential } from "./read-credential.ts";
import { viewPasskey } from "./view-passkey.ts";

const PASSKEYS_MAX = 20;

/** The passkeys of the account. */
export async function listPasskeys({ db, principal }: Context, _input: InputOf<typeof listEndpoint>): Promise<OutputOf<typeof listEndpoint>> {
  const { accountId } = requireSession(principal);
  return { passkeys: (await listPasskeyRows(db, accountId)).map(viewPasskey) };
}

/** Adds a passkey that was offered to this account. The challenge is used up in any case; one that another account asked for is `challenge_unknown`. */
export async function addPasskey(ctx: Context, input: InputOf<typeof addEndpoint>): Promise<OutputOf<typeof addEndpoint>> {
  const now = ctx.clock.now();
  const { accountId } = requireFreshSession(ctx.principal, now);
  const challenge = challengeOf(input.credential);
  const { subject } = await consumeChallenge(ctx, challenge, "passkey-add");
  if (subject !== accountId) throw new ApiError("challenge_unknown");
  const made = await readNewCredential(ctx.config, input.credential, challenge);
  const passkey = { ...made, id: newId("psk"), accountId, name: input.name, createdAt: now };
  await transaction(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    if ((await listPasskeyRows(tx, accountId)).length >= PASSKEYS_MAX)
      throw new ApiError("conflict", { problem: `an account can have ${PASSKEYS_MAX} passkeys; remove one first` });
    if (!(await insertPasskey(tx, passkey))) throw new ApiError("conflict", { problem: "this passkey opens an account already" });
  });
  return { passkey: viewPasskey({ ...passkey, lastUsedAt: null }) };
}

/** Removes a passkey. Throws `conflict` for the last one of an account without a wallet, also where two are removed at once. */
export async function removePasskey(ctx: Context, { passkeyId }: InputOf<typeof removeEndpoint>): Promise<OutputOf<typeof removeEndpoint>> {
  const { accountId } = requireFreshSession(ctx.principal, ctx.clock.now());
  await transaction(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    if (!(await deletePasskey(tx, accountId, passkeyId))) throw new ApiError("not_found", { what: "passkey" });
    const account = await findAccount(tx, accountId);
    if (account?.address === null && (await listPasskeyRows(tx, accountId)).length === 0)
      throw new ApiError("conflict", { problem: "it is the only way into your account; add another passkey or a wallet first" });
  });
  return { removed: true };
}
