import "server-only";
import type { Hex } from "viem";
import type { signIn as signInEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { type Account, findAccountByAddress, insertAccount } from "./account-store.ts";
import { consumeChallenge } from "./consume-challenge.ts";
import { grantOperator } from "./grant-operator.ts";
import { giveDemoMoney, openSession } from "./open-session.ts";
import { readSiweMessage } from "./siwe-message.ts";
import { isSignedByWallet } from "./wallet-signature.ts";

type Endpoint = typeof signInEndpoint;

/**
 * Opens a session for the wallet that signed; the first time also its account, with demo money where the instance gives some. Nothing is created for a
 * signature that does not hold, but the message's challenge is used up.
 */
export async function signIn(ctx: Context, input: InputOf<Endpoint>): Promise<{ output: OutputOf<Endpoint>; headers: Record<string, string> }> {
  const { config } = ctx;
  const now = ctx.clock.now();
  const { address, nonce } = readSiweMessage(input.message, { origin: config.origin, chainId: config.chain.id, now });
  await consumeChallenge(ctx, nonce, "sign-in");
  const isSigned = await isSignedByWallet(config.chain, { address, message: input.message, signature: input.signature as Hex });
  if (!isSigned) throw new ApiError("signature_invalid", { problem: "it was not made by the wallet that the message names" });
  return await openSession(ctx, await transaction(ctx.db, (tx) => openAccount(tx, config, { address, now })));
}

async function openAccount(tx: Tx, config: Config, wallet: { address: string; now: Date }): Promise<Account> {
  const id = newId("acc");
  if (await insertAccount(tx, { id, address: wallet.address, at: wallet.now })) await giveDemoMoney(tx, config, id);
  const found = await findAccountByAddress(tx, wallet.address);
  if (!found) throw new Error(`the account of ${wallet.address} vanished while it signed in`);
  return await grantOperator(tx, config, found);
}
