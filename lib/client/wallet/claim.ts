import type { Hex } from "viem";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import { isProofValid } from "#lib/domain/merkle/proof.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import { getProof } from "#lib/protocol/payouts/payouts.ts";
import { api } from "../queries/api.ts";
import { ChainError } from "./chain-problem.ts";
import { type InstanceChain, openInstanceChain } from "./instance-chain.ts";
import type { Pool } from "./pool.ts";
import { type ChainCall, estimateCall, type GasEstimate, type Session } from "./send-call.ts";

export type Proof = OutputOf<typeof getProof>;

/** What a claim will cost now. Throws ChainError where there is nothing to claim or it would fail. */
export async function estimateClaim({ chainId }: Pool, address: string): Promise<GasEstimate> {
  const chain = openInstanceChain(chainId);
  const { proof } = await readDue({ chain, chainId }, address);
  return await estimateCall(chain, proof.account as Hex, claimCall(proof));
}

/** Claims all that is due to the account on the session's chain in one transaction. A root that moves while the wallet asks leads to one more try with the new proof. */
export async function claim({ chain, pool: { chainId }, wallet, send }: Session): Promise<Hex> {
  const attempt = async () => await send(claimCall((await readDue({ chain, chainId }, wallet.address)).proof));
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof ChainError && error.problem === "proof_outdated") return await attempt();
    throw error;
  }
}

/** The account's proof, checked here before anybody is asked to sign, with something due on it according to the chain itself, and what the chain says was claimed. */
export async function readDue({ chain, chainId }: { chain: InstanceChain; chainId: number }, address: string): Promise<{ proof: Proof; claimed: bigint }> {
  const proof = await api.call(getProof, { address, chainId });
  const cumulative = BigInt(proof.cumulativeMicro);
  if (!(proof.root && proof.isInTree) || cumulative === 0n) throw new ChainError("nothing_due");
  if (!isProven(proof)) throw new ChainError("proof_wrong");
  const claimed = await chain.readContract({
    address: proof.distributor as Hex,
    abi: rewardDistributorAbi,
    functionName: "claimed",
    args: [proof.account as Hex],
  });
  if (claimed >= cumulative) throw new ChainError("already_claimed");
  return { proof, claimed };
}

/** Whether the path of a proof leads from account and amount to the root it names: recomputed here, byte by byte. */
export function isProven({ root, account, cumulativeMicro, proof }: Pick<Proof, "root" | "account" | "cumulativeMicro" | "proof">): boolean {
  if (root === null) return false;
  const earning = { account: account.toLowerCase() as Hex, cumulative: BigInt(cumulativeMicro) };
  return isProofValid(bytesOf(root), earning, proof.map(bytesOf), keccakMerkleHasher);
}

function claimCall({ distributor, account, cumulativeMicro, proof }: Proof): ChainCall {
  return { address: distributor, abi: rewardDistributorAbi, functionName: "claim", args: [account, BigInt(cumulativeMicro), proof] };
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** The root that a pool's contract holds now. */
export async function readRoot({ chainId, distributor }: Pool): Promise<string> {
  return await openInstanceChain(chainId).readContract({ address: distributor as Hex, abi: rewardDistributorAbi, functionName: "root" });
}
