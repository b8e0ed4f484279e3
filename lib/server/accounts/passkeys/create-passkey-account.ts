import "server-only";
import type { createPasskeyAccount as createEndpoint } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { type Account, insertAccount } from "../account-store.ts";
import { consumeChallenge } from "../consume-challenge.ts";
import { giveDemoMoney, openSession } from "../open-session.ts";
import { insertPasskey } from "./passkey-store.ts";
import { challengeOf, readNewCredential } from "./read-credential.ts";

type Endpoint = typeof createEndpoint;

/** Makes an account that the passkey opens, and a session. Nothing is created for a passkey that does not prove itself, but its challenge is used up. */
export async function createPasskeyAccount(ctx: Context, input: InputOf<Endpoint>): Promise<{ output: OutputOf<Endpoint>; headers: Record<string, string> }> {
  const challenge = challengeOf(input.credential);
  const { subject: id } = await consumeChallenge(ctx, challenge, "passkey-account");
  if (id === null) throw new Error("a challenge for an account has none");
  const made = await readNewCredential(ctx.config, input.credential, challenge);
  const now = ctx.clock.now();
  await transaction(ctx.db, async (tx) => {
    if (!(await insertAccount(tx, { id, address: null, at: now }))) throw new Error(`the account ${id} exists already`);
    const isNew = await insertPasskey(tx, { ...made, id: newId("psk"), accountId: id, name: input.name, createdAt: now });
    if (!isNew) throw new ApiError("conflict", { problem: "this passkey opens another account already: sign in with it" });
    await giveDemoMoney(tx, ctx.config, id);
  });
  const account: Account = { id, address: null, roles: [], sessionsValidFrom: now };
  return await openSession(ctx, account);
}
