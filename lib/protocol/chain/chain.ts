import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { microField, momentField } from "../fields.ts";

/** An address in EIP-55's spelling or in lower case. */
export const addressField = z.string().regex(/^0x[0-9a-fA-F]{40}$/, { error: "must be an address: 0x and 40 hexadecimal digits" });
/** 32 bytes. */
export const wordField = z.string().regex(/^0x[0-9a-fA-F]{64}$/, { error: "must be 32 bytes: 0x and 64 hexadecimal digits" });
export const signatureField = z.string().regex(/^0x(?:[0-9a-fA-F]{2}){1,10000}$/, { error: "must be whole bytes in hexadecimal, starting with 0x" });

/** Names one of the instance's chains by its number; the first where it is left out. */
export const chainField = z.coerce.number().int().min(1).optional();

/** Everything a page needs to talk to the contracts. Times in seconds. */
const poolView = z.object({
  chainId: z.number(),
  chainName: z.string(),
  /** Symbol of the coin in which the network is paid; it has 18 decimals. */
  coin: z.string(),
  escrow: addressField,
  distributor: addressField,
  /** The token all amounts are in: always six decimals, so that its units are our micro-units. `version` is its EIP-712 version; null where it has no permit. */
  token: z.object({ address: addressField, name: z.string(), symbol: z.string(), decimals: z.literal(6), version: z.string().nullable() }),
  /** Where a transaction or an address can be looked at: append `/tx/…` or `/address/…`. */
  explorerUrl: z.string().nullable(),
  confirmations: z.number(),
  feeBps: z.number(),
  epochEveryS: z.number(),
  challengeS: z.number(),
  withdrawDelayS: z.number(),
  /** Earnings of devices that nobody linked go to the instance's reserve after so many days; null where they never do. */
  unlinkedDays: z.number().nullable(),
  /** Whether this is a demo chain on which `requestFaucet` gives test money. */
  hasFaucet: z.boolean(),
  /** The wallet that sends signed claims for others, and what it keeps of each; null where nobody does. */
  relay: z.object({ relayer: addressField, feeMicro: microField }).nullable(),
  /** How far the instance has read the chain; null before the first time. */
  followed: z.object({ block: z.number(), head: z.number(), at: momentField }).nullable(),
  /** Why payouts rest until the operator has looked; null while all is well. */
  frozen: z.string().nullable(),
});

export const getChain = endpoint({
  name: "getChain",
  method: "GET",
  path: "/api/v1/chain",
  auth: "public",
  input: z.strictObject({}),
  output: z.object({
    /** On the instance's first chain; null on an instance without contracts. */
    pool: poolView.nullable(),
    /** On its further chains, as far as their contracts were seen. */
    furtherPools: z.array(poolView),
  }),
  summary: "The contracts through which the instance is funded and pays, on each of its chains, and their terms; null on an instance without a chain.",
});

export const callChain = endpoint({
  name: "callChain",
  method: "POST",
  path: "/api/v1/chain/rpc",
  auth: "public",
  input: z.looseObject({
    jsonrpc: z.literal("2.0"),
    id: z.union([z.number(), z.string().max(100)]),
    method: z.string().max(60),
    params: z.array(z.unknown()).max(4).default([]),
  }),
  output: z.looseObject({ jsonrpc: z.literal("2.0"), id: z.union([z.number(), z.string()]) }),
  refusals: ["forbidden", "no_pool"],
  summary:
    "JSON-RPC to the instance's first chain, so that a page needs no other server: reads of its contracts and token, receipts, gas, and signed transactions.",
});

export const callNamedChain = endpoint({
  name: "callNamedChain",
  method: "POST",
  path: "/api/v1/chain/{chainId}/rpc",
  auth: "public",
  input: callChain.input.extend({ chainId: z.coerce.number().int().min(1) }),
  output: callChain.output,
  refusals: ["forbidden", "no_pool", "chain_unknown"],
  summary: "The same to one of its chains by the chain's number, an address that wallets can be given.",
});

export const requestFaucet = endpoint({
  name: "requestFaucet",
  method: "POST",
  path: "/api/v1/me/faucet",
  auth: "account",
  input: z.strictObject({ chainId: chainField }),
  output: z.object({ txHashes: z.array(wordField), amountMicro: z.string() }),
  refusals: ["forbidden", "conflict", "wallet_needed", "no_pool", "chain_unknown"],
  summary: "On a demo chain: test tokens and gas for the wallet that is signed in, as long as it holds fewer than a hundred tokens.",
});
