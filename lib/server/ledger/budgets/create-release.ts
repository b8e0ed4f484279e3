import "server-only";
import { encodeAbiParameters, type Hex, keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { getAddress } from "viem/utils";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { least } from "#lib/domain/ledger/money.ts";
import { releasable } from "#lib/domain/ledger/releasable.ts";
import type { createRelease as createReleaseEndpoint } from "#lib/protocol/budgets/budgets.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { requirePool } from "../../chain/chain-client.ts";
import { onChain } from "../../chain/choose-chain.ts";
import { findPool } from "../../chain/pool-store.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession, requireWallet } from "../../principal.ts";
import { postAccountGroup } from "../ledger-store.ts";
import { sumAccount } from "../posting-sum-store.ts";
import { type Budget, findOpenRelease, insertRelease, listBudgetsOf, type Release, sumBudgets } from "./budget-store.ts";
import { viewRelease } from "./view-release.ts";

type Endpoint = typeof createReleaseEndpoint;

/** So long the owner has to send it; what is not sent becomes available again once the chain is past the deadline. */
const VALID_MS = 15 * 60_000;
const TYPES = {
  Release: [
    { name: "budget", type: "bytes32" },
    { name: "amount", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/**
 * Signs that an amount of a budget is unspent, for the contract's `release`. The amount leaves what jobs can reserve in the same transaction, so that it cannot be
 * spent twice. Throws `funds_short` beyond what can be released, `conflict` while another release of the budget is open.
 */
export async function createRelease(given: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx = onChain(given, input.chainId);
  const account = requireSession(ctx.principal);
  const { accountId } = account;
  const address = requireWallet(account);
  const { operatorKey } = requirePool(ctx.config);
  const chainId = ctx.config.chain.id;
  const pool = await findPool(ctx.db, chainId);
  if (!(operatorKey && pool) || pool.frozen !== null)
    throw new ApiError("unavailable", { problem: "withdrawals are not signed right now; your way out on chain stays open" });
  const amountMicro = BigInt(input.amountMicro);
  if (amountMicro === 0n) throw new ApiError("bad_request", { field: "amountMicro", problem: "it must be more than nothing" });
  const budgetId = input.budgetId.toLowerCase() as Hex;
  const key = keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [getAddress(address), budgetId]));
  const signer = privateKeyToAccount(operatorKey);
  const now = ctx.clock.now();
  // Whole seconds, as the contract counts.
  const deadline = new Date(Math.floor((now.getTime() + VALID_MS) / 1000) * 1000);
  const sign = (nonce: number) =>
    signer.signTypedData({
      domain: { name: "Shoal JobEscrow", version: "1", chainId, verifyingContract: pool.escrow },
      types: TYPES,
      primaryType: "Release",
      message: { budget: key, amount: amountMicro, nonce: BigInt(nonce), deadline: BigInt(deadline.getTime() / 1000) },
    });
  const release = await transaction(ctx.db, async (tx) => {
    const budget = await reserve(tx, { chainId, purse: pool.purse, accountId, key, amountMicro, deadline });
    const signed = {
      key,
      nonce: budget.releases,
      accountId,
      toAddress: getAddress((input.to ?? address).toLowerCase()),
      amountMicro,
      deadline,
      signature: await sign(budget.releases),
    };
    await insertRelease(tx, chainId, { ...signed, at: now });
    return { ...signed, state: "open" } satisfies Release;
  });
  return viewRelease(release, budgetId);
}

type Wish = { chainId: number; purse: number; accountId: AccountId; key: Hex; amountMicro: bigint; deadline: Date };

async function reserve(tx: Tx, { chainId, purse, accountId, key, amountMicro, deadline }: Wish): Promise<Budget> {
  // As funding a job does, so that both cannot take the same money.
  await tx`select 1 from accounts where id = ${uuidOf(accountId)} for no key update`;
  const budget = (await listBudgetsOf(tx, chainId, accountId)).find((own) => own.key === key);
  if (!budget) throw new ApiError("not_found", { what: "budget" });
  if (await findOpenRelease(tx, chainId, key)) throw new ApiError("conflict", { problem: "another withdrawal from this budget is still open" });
  const { sides } = await sumAccount(tx, accountId, purse);
  const onChainMicro = await sumBudgets(tx, chainId, accountId);
  const most = releasable({ availableMicro: sides.available ?? 0n, grantedMicro: -(sides.issued ?? 0n), onChainMicro });
  const have = least(most, budget.balanceMicro);
  if (amountMicro > have) throw new ApiError("release_short", { need: String(amountMicro), have: String(have) });
  await postAccountGroup(tx, { ref: `release:${chainId}:${key}:${budget.releases}:${deadline.getTime() / 1000}`, purse }, [
    { accountId, side: "available", amountMicro: -amountMicro },
    { accountId, side: "releasing", amountMicro },
  ]);
  return budget;
}
