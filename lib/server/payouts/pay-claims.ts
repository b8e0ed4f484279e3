import "server-only";
import { type Account, createWalletClient, encodeFunctionData, type Hex, http, parseEventLogs } from "viem";
import { rewardDistributorAbi as abi } from "#contracts/generated/reward-distributor.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { countEarnings, earningAt, toHex } from "#lib/domain/merkle/earnings.ts";
import type { MerkleTree } from "#lib/domain/merkle/merkle-tree.ts";
import { batchOrder, type LeafRun, proofOf, runProofOf } from "#lib/domain/merkle/proof.ts";
import { chooseBatches } from "#lib/domain/payouts/choose-batches.ts";
import { chainClient } from "../chain/chain-client.ts";
import { openPool } from "../chain/describe-pool.ts";
import type { Services } from "../context.ts";
import { findFinalizedEpoch, mapClaimed } from "./epoch-store.ts";

const RECEIPT_MS = 120_000;
/**
 * Given, not estimated: a batch passes over a transfer that fails, also for want of gas, so that an estimate finds too little to be enough. The first payment into an empty wallet takes
 * 55,000; what is not used costs nothing.
 */
const GAS_BASE = 300_000n;
const GAS_PER_PAYEE = 90_000n;

export type PaidClaims = { payees: number; amountMicro: Micro; transactions: number };

/**
 * Pays out what accounts have due on the root that the contract on the chain at hand holds, at the payer's expense: claims need no consent, for they pay the account itself. Who has claimed meanwhile is passed
 * over. Throws at the first transaction that fails; what was paid stays paid, and a repeat goes on with the rest.
 */
export async function payClaims(services: Services, payer: Account, { leastMicro }: { leastMicro: Micro }): Promise<PaidClaims> {
  const pool = await openPool(services);
  const epoch = await findFinalizedEpoch(services.db, pool.chainId);
  const done: PaidClaims = { payees: 0, amountMicro: 0n, transactions: 0 };
  if (!(epoch?.leavesSha256 && epoch.nodesSha256)) return done;
  const packed = await services.blobs.readBytes(epoch.leavesSha256);
  const tree: MerkleTree = { leafCount: countEarnings(packed), nodes: await services.blobs.readBytes(epoch.nodesSha256) };
  const claimed = await mapClaimed(services.db, pool.chainId);
  const leaves = Array.from({ length: tree.leafCount }, (_, leaf) => earningAt(packed, leaf));
  const dues = leaves.map(({ account, cumulative }) => cumulative - (claimed.get(account) ?? 0n));
  const { batches, singles } = chooseBatches(dues, leastMicro);
  const calls: { data: Hex; payees: number }[] = batches.map((run) => ({ data: batchCall(tree, packed, run), payees: run.size }));
  for (const leaf of singles) {
    const { account, cumulative } = earningAt(packed, leaf);
    // A batch passes over who has claimed since the books were read; a claim of its own would be refused.
    const since = await chainClient(services.config).readContract({ address: pool.distributor, abi, functionName: "claimed", args: [account] });
    if (since < cumulative) {
      const args = [account, cumulative, proofOf(tree, leaf).map(toHex)] as const;
      calls.push({ data: encodeFunctionData({ abi, functionName: "claim", args }), payees: 1 });
    }
  }
  for (const { data, payees } of calls) {
    const paid = await send(services, payer, { to: pool.distributor, data, gas: GAS_BASE + BigInt(payees) * GAS_PER_PAYEE });
    done.transactions += 1;
    done.payees += paid.length;
    done.amountMicro += paid.reduce((sum, amount) => sum + amount, 0n);
  }
  return done;
}

function batchCall(tree: MerkleTree, packed: Uint8Array, run: LeafRun): Hex {
  const members = batchOrder(run).map((leaf) => earningAt(packed, leaf));
  const args = [members.map(({ account }) => account), members.map(({ cumulative }) => cumulative), runProofOf(tree, run).map(toHex)] as const;
  return encodeFunctionData({ abi, functionName: "claimBatch", args });
}

/** Sends one call and says what it paid, each payee's amount. */
async function send(services: Services, payer: Account, call: { to: Hex; data: Hex; gas: bigint }): Promise<Micro[]> {
  const client = chainClient(services.config);
  const wallet = createWalletClient({ account: payer, transport: http(services.config.chain.rpcUrl ?? "") });
  const hash = await wallet.sendTransaction({ chain: null, ...call });
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: RECEIPT_MS });
  if (receipt.status !== "success") throw new Error(`transaction ${hash} was reverted`);
  return parseEventLogs({ abi, logs: receipt.logs, eventName: "Claimed" }).map(({ args }) => args.amount);
}
