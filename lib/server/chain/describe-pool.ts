import "server-only";
import { type PublicClient, parseAbi } from "viem";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { chainClient, requirePool } from "./chain-client.ts";
import { findChainOfPurse, findPool, insertPool, type NewPool, type Pool } from "./pool-store.ts";

const EIP_712_DOMAIN = parseAbi([
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
]);

/** The pool on the chain at hand; the first time its contracts are asked what they are. Throws if the settings name another escrow than before, another chain, another first chain, or another asset than its token. */
export async function openPool(services: Services): Promise<Pool> {
  const { escrow, startBlock } = requirePool(services.config);
  const { chain, purse } = services.config;
  const chainId = chain.id;
  const known = await findPool(services.db, chainId);
  if (known) {
    if (known.purse !== purse)
      throw new Error(
        `Chain ${chainId} is ${known.purse === 0 ? "the first chain" : "a further chain"} in the books of this instance; leave it in its place in the settings.`,
      );
    if (known.escrow !== escrow) throw new Error(`POOL_ESCROW is ${escrow}, but the books of this instance are about ${known.escrow} on chain ${chainId}.`);
    // One name for one thing: pages call it ASSET in some places and as the token says in others.
    const { asset } = services.config;
    if (known.tokenSymbol !== asset)
      throw new Error(`ASSET is ${asset}, but the token of POOL_ESCROW is called ${known.tokenSymbol}; set ASSET=${known.tokenSymbol}.`);
    return known;
  }
  const client = chainClient(services.config);
  const actual = await client.getChainId();
  if (actual !== chainId) throw new Error(`CHAIN_RPC_URL leads to chain ${actual}, not to ${chainId}.`);
  // What accounts have there would count as money on this one.
  const other = await findChainOfPurse(services.db, purse);
  if (other !== null) throw new Error(`The first chain in the books of this instance is ${other}; name chain ${chainId} in FURTHER_CHAINS.`);
  const pool = await readPool(client, { chainId, purse, escrow, startBlock });
  await transaction(services.db, (tx) => insertPool(tx, pool));
  return await openPool(services);
}

async function readPool(client: PublicClient, place: { chainId: number; purse: number; escrow: `0x${string}`; startBlock: number }): Promise<NewPool> {
  const read = { address: place.escrow, abi: jobEscrowAbi } as const;
  const [token, distributor, feeBps, minInterval, challenge, delay] = await Promise.all([
    client.readContract({ ...read, functionName: "token" }),
    client.readContract({ ...read, functionName: "distributor" }),
    client.readContract({ ...read, functionName: "feeBps" }),
    client.readContract({ ...read, functionName: "minInterval" }),
    client.readContract({ ...read, functionName: "challengeWindow" }),
    client.readContract({ ...read, functionName: "withdrawDelay" }),
  ]);
  // Name and symbol are as in every ERC-20; whether the token has permits shows in whether it has a domain to sign for.
  const [name, symbol, domain] = await Promise.all([
    client.readContract({ address: token, abi: demoDollarAbi, functionName: "name" }),
    client.readContract({ address: token, abi: demoDollarAbi, functionName: "symbol" }),
    client.readContract({ address: token, abi: EIP_712_DOMAIN, functionName: "eip712Domain" }).catch(() => null),
  ]);
  return {
    ...place,
    token: token.toLowerCase() as `0x${string}`,
    distributor: distributor.toLowerCase() as `0x${string}`,
    tokenName: name,
    tokenSymbol: symbol,
    tokenVersion: domain?.[2] ?? null,
    feeBps: Number(feeBps),
    minIntervalS: Number(minInterval),
    challengeS: Number(challenge),
    withdrawDelayS: Number(delay),
  };
}
