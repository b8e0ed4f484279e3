import "server-only";
import type { signInWithPasskey as signInEndpoint } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { findAccount } from "../account-store.ts";
import { consumeChallenge } from "../consume-challenge.ts";
import { openSession } from "../open-session.ts";
import { lockPasskey, touchPasskey } from "./passkey-store.ts";
import { challengeOf, readAssertion } from "./read-credential.ts";

type Endpoint = typeof signInEndpoint;

/** Opens a session for the account of the passkey that signed. The challenge is used up in any case. Throws `passkey_unknown` where no account has it. */
export async function signInWithPasskey(
  ctx: Context,
  { credential }: InputOf<Endpoint>,
): Promise<{ output: OutputOf<Endpoint>; headers: Record<string, string> }> {
  const challenge = challengeOf(credential);
  await consumeChallenge(ctx, challenge, "passkey");
  const account = await transaction(ctx.db, async (tx) => {
    const passkey = await lockPasskey(tx, credential.id);
    if (!passkey) throw new ApiError("passkey_unknown");
    const used = await readAssertion(ctx.config, passkey, { credential, challenge });
    await touchPasskey(tx, { ...used, id: passkey.id, at: ctx.clock.now() });
    return await findAccount(tx, passkey.accountId);
  });
  if (!account) throw new Error("a passkey without an account");
  return await openSession(ctx, account);
}
