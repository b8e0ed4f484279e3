import { countEarnings, EARNING_BYTES } from "./earnings.ts";

/** Keccak-256 over whole levels at a time; `keccakMerkleHasher` of lib/hash. */
export interface MerkleHasher {
  /** Writes the hash of the hash of each 64-byte record, 32 bytes each. */
  hashLeaves(records: Uint8Array, out: Uint8Array): void;
  /** Writes the hash of each two 32-byte nodes, the smaller first. */
  hashPairs(nodes: Uint8Array, out: Uint8Array): void;
}

/**
 * A tree in OpenZeppelin's layout, all nodes in one array of 32 bytes each: leaf i of n is node 2n − 2 − i, the children of node v are 2v + 1 and
 * 2v + 2, the root is node 0. Leaves stay in the order in which they were given.
 */
export interface MerkleTree {
  nodes: Uint8Array;
  leafCount: number;
}

export const NODE_BYTES = 32;
/** What a leaf hashes: address and amount as the contract's ABI encodes them, 32 bytes each. */
const RECORD_BYTES = 64;
const ADDRESS_OFFSET = 12;
const AMOUNT_OFFSET = 52;
const AMOUNT_START = 20;
/** Leaves are laid out for hashing so many at a time, that a million need no second copy in memory. */
const CHUNK_LEAVES = 2048;

/**
 * The tree over packed earnings: leaf = keccak256(keccak256(abi.encode(account, cumulative))), nodes over sorted pairs. Its root is that of
 * OpenZeppelin's StandardMerkleTree of the same list without sorting. Throws without leaves.
 */
export function buildMerkleTree(packed: Uint8Array, hasher: MerkleHasher): MerkleTree {
  const leafCount = countEarnings(packed);
  if (leafCount === 0) throw new RangeError("A tree needs at least one earning.");
  const nodes = new Uint8Array((2 * leafCount - 1) * NODE_BYTES);
  hashLeaves(packed, nodes, hasher);
  // Each step makes all nodes whose children are there: of the nodes below `end` the upper half.
  for (let end = leafCount - 1; end > 0; ) {
    const start = Math.floor(end / 2);
    const children = nodes.subarray((2 * start + 1) * NODE_BYTES, (2 * end + 1) * NODE_BYTES);
    hasher.hashPairs(children, nodes.subarray(start * NODE_BYTES, end * NODE_BYTES));
    end = start;
  }
  return { nodes, leafCount };
}

/** The root's 32 bytes. */
export function rootOf(tree: MerkleTree): Uint8Array {
  return tree.nodes.subarray(0, NODE_BYTES);
}

function hashLeaves(packed: Uint8Array, nodes: Uint8Array, hasher: MerkleHasher): void {
  const leafCount = packed.length / EARNING_BYTES;
  const records = new Uint8Array(Math.min(CHUNK_LEAVES, leafCount) * RECORD_BYTES);
  for (let node = leafCount - 1; node < 2 * leafCount - 1; node += CHUNK_LEAVES) {
    const count = Math.min(CHUNK_LEAVES, 2 * leafCount - 1 - node);
    for (let index = 0; index < count; index += 1) {
      const from = (2 * leafCount - 2 - node - index) * EARNING_BYTES;
      const to = index * RECORD_BYTES;
      for (let byte = 0; byte < AMOUNT_START; byte += 1) records[to + ADDRESS_OFFSET + byte] = packed[from + byte] ?? 0;
      for (let byte = AMOUNT_START; byte < EARNING_BYTES; byte += 1) records[to + AMOUNT_OFFSET + byte - AMOUNT_START] = packed[from + byte] ?? 0;
    }
    hasher.hashLeaves(records.subarray(0, count * RECORD_BYTES), nodes.subarray(node * NODE_BYTES, (node + count) * NODE_BYTES));
  }
}
