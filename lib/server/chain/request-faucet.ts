import "server-only";
import { createWalletClient, http, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { getAddress } from "viem/utils";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import type { requestFaucet as requestFaucetEndpoint } from "#lib/protocol/chain/chain.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import { requireAccount, requireWallet } from "../principal.ts";
import { chainClient, requirePool } from "./chain-client.ts";
import { onChain } from "./choose-chain.ts";
import { findPool } from "./pool-store.ts";

type Endpoint = typeof requestFaucetEndpoint;

/** The token's own faucet gives no more at once. */
const GIFT_MICRO = 1_000_000_000n;
const ENOUGH_MICRO = 100_000_000n;
const GAS_GIFT_WEI = parseEther("1");
const GAS_ENOUGH_WEI = parseEther("0.1");

/** Sends the account's wallet what it lacks of test tokens and gas. `conflict` for a wallet that has enough; `forbidden` where there is no faucet. */
export async function requestFaucet(given: Context, { chainId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx = onChain(given, chainId);
  const wallet = getAddress(requireWallet(requireAccount(ctx.principal)));
  const { faucetKey } = requirePool(ctx.config);
  const pool = await findPool(ctx.db, ctx.config.chain.id);
  if (!(faucetKey && pool)) throw new ApiError("forbidden", { need: "a demo chain with a faucet" });
  const client = chainClient(ctx.config);
  const token = { address: pool.token, abi: demoDollarAbi } as const;
  const [tokens, gas] = await Promise.all([
    client.readContract({ ...token, functionName: "balanceOf", args: [wallet] }),
    client.getBalance({ address: wallet }),
  ]).catch((cause: unknown) => {
    throw new ApiError("unavailable", { problem: "the chain does not answer" }, { cause });
  });
  if (tokens >= ENOUGH_MICRO && gas >= GAS_ENOUGH_WEI) throw new ApiError("conflict", { problem: "this wallet has enough test money" });
  const giver = createWalletClient({ account: privateKeyToAccount(faucetKey), transport: http(ctx.config.chain.rpcUrl ?? "") });
  const txHashes: string[] = [];
  if (gas < GAS_ENOUGH_WEI) txHashes.push(await giver.sendTransaction({ chain: null, to: wallet, value: GAS_GIFT_WEI }));
  const amountMicro = tokens < ENOUGH_MICRO ? GIFT_MICRO : 0n;
  if (amountMicro > 0n) txHashes.push(await giver.writeContract({ ...token, chain: null, functionName: "mint", args: [wallet, amountMicro] }));
  return { txHashes, amountMicro: String(amountMicro) };
}
