import { createPublicClient, custom, RpcRequestError } from "viem";
import { callChain } from "#lib/protocol/chain/chain.ts";
import { api } from "../queries/api.ts";

let nextId = 1;

/** Asks the instance's chain through the instance itself, so that a page needs no other server. Throws what the chain answers as viem knows it. */
export async function requestChain({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
  const body = { jsonrpc: "2.0" as const, id: nextId++, method, params: [...params] };
  const { result, error } = (await api.call(callChain, body)) as { result?: unknown; error?: { code: number; message: string; data?: unknown } };
  if (error) throw new RpcRequestError({ body, error, url: callChain.path });
  return result;
}

/** Reads of the instance's chain. */
export function openInstanceChain() {
  return createPublicClient({ transport: custom({ request: requestChain }, { retryCount: 1 }), pollingInterval: 1_000 });
}
export type InstanceChain = ReturnType<typeof openInstanceChain>;
