import "server-only";
import { privateKeyToAccount } from "viem/accounts";
import { getAddress } from "viem/utils";
import type { getChain as getChainEndpoint } from "#lib/protocol/chain/chain.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context, Services } from "../context.ts";
import { onEveryChain } from "./choose-chain.ts";
import { findPool } from "./pool-store.ts";

type Endpoint = typeof getChainEndpoint;
const DAY_MS = 86_400_000;

/** What a page needs to talk to the contracts on each chain; nothing without a chain, and until the contracts were seen for the first time. */
export async function getChain(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const [pool = null, ...further] = await Promise.all(onEveryChain(ctx).map(viewPool));
  return { pool, furtherPools: further.filter((one) => one !== null) };
}

async function viewPool({ db, config }: Services): Promise<OutputOf<Endpoint>["pool"]> {
  const pool = config.pool && (await findPool(db, config.chain.id));
  if (!(config.pool && pool)) return null;
  const { confirmations, explorerUrl, chainName, coin, epochEveryS, relayer: relay } = config.pool;
  return {
    chainId: pool.chainId,
    chainName,
    coin,
    escrow: getAddress(pool.escrow),
    distributor: getAddress(pool.distributor),
    token: { address: getAddress(pool.token), name: pool.tokenName, symbol: pool.tokenSymbol, decimals: 6, version: pool.tokenVersion },
    explorerUrl,
    confirmations,
    feeBps: pool.feeBps,
    epochEveryS,
    challengeS: pool.challengeS,
    withdrawDelayS: pool.withdrawDelayS,
    unlinkedDays: config.pool.reserve ? config.unlinkedMs / DAY_MS : null,
    hasFaucet: config.pool.faucetKey !== null,
    relay: relay ? { relayer: privateKeyToAccount(relay.key).address, feeMicro: String(relay.feeMicro) } : null,
    followed: pool.followedAt ? { block: pool.nextBlock - 1, head: pool.head, at: pool.followedAt.toISOString() } : null,
    frozen: pool.frozen,
  };
}
