import "server-only";
import type { callChain as callChainEndpoint, callNamedChain as callNamedChainEndpoint } from "#lib/protocol/chain/chain.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import { requirePool } from "./chain-client.ts";
import { onChain } from "./choose-chain.ts";
import { findPool, type Pool } from "./pool-store.ts";

type Endpoint = typeof callChainEndpoint;

const TIMEOUT_MS = 10_000;
/** What a wallet's page needs; nothing that costs the chain's server much, and nothing that only a node's operator may do. */
const READS = new Set([
  "eth_chainId",
  "net_version",
  "eth_blockNumber",
  "eth_getBlockByNumber",
  "eth_getBlockByHash",
  "eth_getBalance",
  "eth_getTransactionCount",
  "eth_getCode",
  "eth_gasPrice",
  "eth_maxPriorityFeePerGas",
  "eth_feeHistory",
  "eth_getTransactionByHash",
  "eth_getTransactionReceipt",
  "eth_sendRawTransaction",
]);
/** These run code: of our contracts and the token alone. */
const CALLS = new Set(["eth_call", "eth_estimateGas"]);

/** Passes one JSON-RPC call on to the chain at hand if it is among those that pages need; others are `forbidden`. The chain's own errors come back as they are. */
export async function callChain({ db, config }: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  requirePool(config);
  const { id, method, params } = input;
  if (CALLS.has(method)) checkTarget(params[0], await findPool(db, config.chain.id));
  else if (!READS.has(method)) throw new ApiError("forbidden", { need: `a server of your own for ${method}` });
  const answer = await send(config.chain.rpcUrl ?? "", { jsonrpc: "2.0", id, method, params });
  return { ...answer, jsonrpc: "2.0", id };
}

/** The same for the chain that is named. */
export async function callNamedChain(ctx: Context, { chainId, ...call }: InputOf<typeof callNamedChainEndpoint>): Promise<OutputOf<Endpoint>> {
  return await callChain(onChain(ctx, chainId), call);
}

function checkTarget(call: unknown, pool: Pool | null): void {
  const target = typeof call === "object" && call !== null && "to" in call && typeof call.to === "string" ? call.to.toLowerCase() : "";
  if (pool && [pool.escrow, pool.distributor, pool.token].includes(target as `0x${string}`)) return;
  throw new ApiError("forbidden", { need: "one of this instance's contracts as the call's target" });
}

async function send(url: string, body: unknown): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer: unknown = await response.json();
    if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer as Record<string, unknown>;
    throw new Error(`the chain answered ${response.status} without a JSON object`);
  } catch (cause) {
    throw new ApiError("unavailable", { problem: "the chain does not answer" }, { cause });
  }
}
