import { type Earning, packEarnings } from "./earnings.ts";
import { type MerkleHasher, type MerkleTree, NODE_BYTES } from "./merkle-tree.ts";

/** Some neighbouring leaves, `size` a power of two, that together are one whole subtree: one path proves them all. */
export interface LeafRun {
  start: number;
  size: number;
}

/**
 * Where the first whole subtree of so many leaves begins in a tree of `leafCount`; the next ones follow it without a gap, as many as there are.
 * Whoever is to be paid in batches of `size` belongs from there on. `size` is a power of two.
 */
export function firstRunStart(leafCount: number, size: number): number {
  // Leaf i lies at 2n − 2 − i, and k levels above it the index + 1 is divided by 2^k: a run is whole where 2n − start is a multiple of its size.
  return (2 * leafCount) % size;
}

/** The path from one leaf to the root, as the contract's `claim` takes it. */
export function proofOf(tree: MerkleTree, leaf: number): Uint8Array[] {
  return runProofOf(tree, { start: leaf, size: 1 });
}

/** The path from a run's subtree to the root, as `claimBatch` takes it with the accounts of `batchOrder`. Throws if the run is no whole subtree. */
export function runProofOf(tree: MerkleTree, { start, size }: LeafRun): Uint8Array[] {
  const { leafCount, nodes } = tree;
  const isPower = Number.isInteger(Math.log2(size));
  const isInside = Number.isInteger(start) && start >= 0 && start + size <= leafCount;
  if (!(isPower && isInside && (2 * leafCount - start) % size === 0)) throw new RangeError(`Leaves ${start} to ${start + size - 1} are no whole subtree.`);
  return pathFrom((2 * leafCount - start) / size - 2).map((node) => nodes.subarray(node * NODE_BYTES, (node + 1) * NODE_BYTES));
}

/** Which nodes make the path from a leaf of a tree of `leafCount` to the root, for whoever reads a tree from where it is stored. */
export function proofNodes(leafCount: number, leaf: number): number[] {
  return pathFrom(2 * leafCount - 2 - leaf);
}

function pathFrom(start: number): number[] {
  const path: number[] = [];
  for (let node = start; node > 0; node = Math.floor((node - 1) / 2)) path.push(node % 2 === 0 ? node - 1 : node + 1);
  return path;
}

/** The leaves of a run in the order in which `claimBatch` takes their accounts: the tree holds them from the last to the first. */
export function batchOrder({ start, size }: LeafRun): number[] {
  return Array.from({ length: size }, (_, index) => start + size - 1 - index);
}

/** Whether the path leads from this earning to the root. */
export function isProofValid(root: Uint8Array, earning: Earning, path: readonly Uint8Array[], hasher: MerkleHasher): boolean {
  const packed = packEarnings([earning]);
  const record = new Uint8Array(2 * NODE_BYTES);
  record.set(packed.subarray(0, 20), 12);
  record.set(packed.subarray(20), 52);
  const node = new Uint8Array(NODE_BYTES);
  hasher.hashLeaves(record, node);
  for (const sibling of path) {
    record.set(node);
    record.set(sibling, NODE_BYTES);
    hasher.hashPairs(record, node);
  }
  return node.every((byte, index) => byte === root[index]) && root.length === NODE_BYTES;
}
