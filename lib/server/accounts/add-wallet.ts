import "server-only";
import type { Hex } from "viem";
import type { AccountId } from "#lib/domain/ids.ts";
import type { addWallet as addWalletEndpoint } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { renameMember } from "../jobs/members/member-store.ts";
import { requireFreshSession } from "../principal.ts";
import { findAccount, findAccountByAddress, setAddress } from "./account-store.ts";
import { consumeChallenge } from "./consume-challenge.ts";
import { lockAccount } from "./data/account-data-store.ts";
import { getAccountView } from "./get-me.ts";
import { grantOperator } from "./grant-operator.ts";
import { readSiweMessage } from "./siwe-message.ts";
import { isSignedByWallet } from "./wallet-signature.ts";

type Endpoint = typeof addWalletEndpoint;

/**
 * Gives the account of this session its wallet, once the wallet signed a message that names the account. From then on it signs in as any wallet does, and is
 * paid. Throws `conflict` where the account has a wallet, or the wallet an account. The challenge is used up in any case.
 */
export async function addWallet(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { config } = ctx;
  const now = ctx.clock.now();
  const { accountId } = requireFreshSession(ctx.principal, now);
  const { address, nonce, requestId } = readSiweMessage(input.message, { origin: config.origin, chainId: config.chain.id, now });
  await consumeChallenge(ctx, nonce, "wallet");
  if (requestId !== accountId) throw new ApiError("signature_invalid", { problem: "the message is not about this account" });
  if (!(await isSignedByWallet(config.chain, { address, message: input.message, signature: input.signature as Hex })))
    throw new ApiError("signature_invalid", { problem: "it was not made by the wallet that the message names" });
  await transaction(ctx.db, (tx) => join(tx, config, { accountId, address }));
  const account = await findAccount(ctx.db, accountId);
  if (!account) throw new ApiError("unauthenticated");
  return await getAccountView(ctx, account);
}

async function join(tx: Tx, config: Config, { accountId, address }: { accountId: AccountId; address: string }): Promise<void> {
  await lockAccount(tx, accountId);
  const account = await findAccount(tx, accountId);
  if (account?.address === address) return;
  if (account?.address !== null) throw new ApiError("conflict", { problem: "your account has a wallet already" });
  const other = await findAccountByAddress(tx, address);
  if (other || !(await setAddress(tx, accountId, address)))
    throw new ApiError("conflict", { problem: "this wallet has an account of its own; sign in with it and add your passkey there" });
  await renameMember(tx, accountId, address);
  await grantOperator(tx, config, { ...account, address });
}
