import "server-only";
import { EARNING_BYTES, earningAt, toHex } from "#lib/domain/merkle/earnings.ts";
import { findLeaf, PAGE_LEAVES } from "#lib/domain/merkle/find-leaf.ts";
import { NODE_BYTES } from "#lib/domain/merkle/merkle-tree.ts";
import { proofNodes } from "#lib/domain/merkle/proof.ts";
import type { BlobStore } from "../artifacts/blob-store.ts";

/** The digests of a stored tree's earnings and of its nodes. */
export type StoredTree = { leaves: string; nodes: string; leafCount: number };
type Proof = { cumulative: bigint; proof: string[] };

/** The highest sixteen levels of a tree, which lie together at its beginning: 2 MiB, and all of a tree of 32,768 leaves. */
const TOP_NODES = 2 ** 16 - 1;
/** Trees whose top is kept: one for each chain, and some more while epochs change. */
const TOPS_MAX = 8;
const SPARE_MAX = 32;

/*
 * Both are kept because every answer needs them: made anew they were 128 KiB of garbage for each proof, and collecting it stopped the process for milliseconds at one proof in a
 * hundred.
 */
const tops = new WeakMap<BlobStore, Map<string, Promise<Uint8Array>>>();
const sparePages: Uint8Array[] = [];

/** What an address (in hexadecimal digits) has earned according to a stored tree, and the path that proves it; null if it is not in the tree. */
export async function readProof(blobs: BlobStore, account: string, tree: StoredTree): Promise<Proof | null> {
  const page = sparePages.pop() ?? new Uint8Array(PAGE_LEAVES * EARNING_BYTES);
  try {
    const read = async (start: number, end: number) =>
      (await blobs.readParts(tree.leaves, [{ start: start * EARNING_BYTES, end: end * EARNING_BYTES }], page))[0] ?? new Uint8Array();
    const found = await findLeaf(tree.leafCount, Buffer.from(account.slice(2), "hex"), read);
    // The next who asks writes into the page.
    return found && { cumulative: earningAt(found.packed, 0).cumulative, proof: await readPath(blobs, found.leaf, tree) };
  } finally {
    if (sparePages.length < SPARE_MAX) sparePages.push(page);
  }
}

async function readPath(blobs: BlobStore, leaf: number, { leafCount, nodes }: StoredTree): Promise<string[]> {
  const path = proofNodes(leafCount, leaf);
  const below = path.filter((node) => node >= TOP_NODES).map((node) => ({ start: node * NODE_BYTES, end: (node + 1) * NODE_BYTES }));
  const [top, lower] = await Promise.all([readTop(blobs, nodes), below.length > 0 ? blobs.readParts(nodes, below) : []]);
  // A path goes up: what lies below the top comes first.
  return [...lower, ...path.slice(below.length).map((node) => top.subarray(node * NODE_BYTES, (node + 1) * NODE_BYTES))].map(toHex);
}

/** The beginning of a tree's nodes, read once: what a digest names never changes. */
async function readTop(blobs: BlobStore, nodes: string): Promise<Uint8Array> {
  const kept = tops.get(blobs) ?? new Map<string, Promise<Uint8Array>>();
  tops.set(blobs, kept);
  const top = kept.get(nodes) ?? blobs.readBytes(nodes, { start: 0, end: TOP_NODES * NODE_BYTES });
  // Behind all others: the first is the one that nobody asked for the longest.
  kept.delete(nodes);
  kept.set(nodes, top);
  const [oldest] = kept.keys();
  if (kept.size > TOPS_MAX && oldest !== undefined) kept.delete(oldest);
  try {
    return await top;
  } catch (error) {
    kept.delete(nodes);
    throw error;
  }
}
