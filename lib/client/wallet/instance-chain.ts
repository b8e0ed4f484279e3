import { createPublicClient, custom, RpcRequestError } from "viem";
import { callChain, callNamedChain } from "#lib/protocol/chain/chain.ts";
import { api } from "../queries/api.ts";

let nextId = 1;

type ChainRequest = { method: string; params?: readonly unknown[] };

/** Asks one of the instance's chains, the first where none is named, through the instance itself, so that a page needs no other server. Throws what the chain answers as viem knows it. */
export async function requestChain({ method, params = [] }: ChainRequest, chainId?: number): Promise<unknown> {
  const body = { jsonrpc: "2.0" as const, id: nextId++, method, params: [...params] };
  const { result, error } = (await (chainId === undefined ? api.call(callChain, body) : api.call(callNamedChain, { ...body, chainId }))) as {
    result?: unknown;
    error?: { code: number; message: string; data?: unknown };
  };
  if (error) throw new RpcRequestError({ body, error, url: callChain.path });
  return result;
}

/** Reads of one of the instance's chains; of the first where none is named. */
export function openInstanceChain(chainId?: number) {
  return createPublicClient({ transport: custom({ request: (call: ChainRequest) => requestChain(call, chainId) }, { retryCount: 1 }), pollingInterval: 1_000 });
}
export type InstanceChain = ReturnType<typeof openInstanceChain>;
