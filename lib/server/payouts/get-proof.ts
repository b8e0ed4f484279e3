import "server-only";
import { getAddress } from "viem/utils";
import { EARNING_BYTES, earningAt, toHex } from "#lib/domain/merkle/earnings.ts";
import { findLeaf } from "#lib/domain/merkle/find-leaf.ts";
import { NODE_BYTES } from "#lib/domain/merkle/merkle-tree.ts";
import { proofNodes } from "#lib/domain/merkle/proof.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getProof as getProofEndpoint } from "#lib/protocol/payouts/payouts.ts";
import type { BlobStore } from "../artifacts/blob-store.ts";
import { requirePool } from "../chain/chain-client.ts";
import { onChain } from "../chain/choose-chain.ts";
import { findPool } from "../chain/pool-store.ts";
import type { Context } from "../context.ts";
import { findFinalizedEpoch, sumClaimedByAddress } from "./epoch-store.ts";

type Endpoint = typeof getProofEndpoint;

/** The highest eleven levels of a tree lie together at its beginning: one reading of 64 KiB instead of eleven. */
const TOP_NODES = 2 ** 11 - 1;

/** What an address can claim on a chain and the path that proves it, read from where the tree is stored. `claimed` is what the chain has confirmed. */
export async function getProof(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { db, config, blobs } = onChain(ctx, input.chainId);
  requirePool(config);
  const account = getAddress(input.address.toLowerCase());
  const [pool, epoch, claimed] = await Promise.all([
    findPool(db, config.chain.id),
    findFinalizedEpoch(db, config.chain.id),
    sumClaimedByAddress(db, config.chain.id, account),
  ]);
  if (!pool) throw new ApiError("unavailable", { problem: "the contracts have not been read yet" });
  const found =
    epoch?.leavesSha256 && epoch.nodesSha256 && epoch.leafCount
      ? await readProof(blobs, account, { leaves: epoch.leavesSha256, nodes: epoch.nodesSha256, leafCount: epoch.leafCount })
      : null;
  const cumulative = found?.cumulative ?? 0n;
  return {
    account,
    chainId: pool.chainId,
    distributor: getAddress(pool.distributor),
    epoch: epoch?.no ?? null,
    root: epoch?.root ?? null,
    cumulativeMicro: String(cumulative),
    claimedMicro: String(claimed),
    claimableMicro: String(cumulative > claimed ? cumulative - claimed : 0n),
    proof: found?.proof ?? [],
    isInTree: found !== null,
  };
}

type StoredTree = { leaves: string; nodes: string; leafCount: number };

async function readProof(blobs: BlobStore, account: string, tree: StoredTree): Promise<{ cumulative: bigint; proof: string[] } | null> {
  const read = async (start: number, end: number) =>
    (await blobs.readParts(tree.leaves, [{ start: start * EARNING_BYTES, end: end * EARNING_BYTES }]))[0] ?? new Uint8Array();
  const found = await findLeaf(tree.leafCount, Buffer.from(account.slice(2), "hex"), read);
  if (!found) return null;
  const nodes = proofNodes(tree.leafCount, found.leaf);
  const below = nodes.filter((node) => node >= TOP_NODES).map((node) => ({ start: node * NODE_BYTES, end: (node + 1) * NODE_BYTES }));
  const [top = new Uint8Array(), ...rest] = await blobs.readParts(tree.nodes, [{ start: 0, end: TOP_NODES * NODE_BYTES }, ...below]);
  // A path goes up: what lies below the top comes first.
  const proof = [...rest, ...nodes.slice(below.length).map((node) => top.subarray(node * NODE_BYTES, (node + 1) * NODE_BYTES))];
  return { cumulative: earningAt(found.packed, 0).cumulative, proof: proof.map(toHex) };
}
