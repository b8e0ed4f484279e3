import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keccakMerkleHasher as hasher } from "#lib/hash/keccak/keccak256.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { type Earning, earningAt, packEarnings, toHex } from "./earnings.ts";
import { buildMerkleTree, rootOf } from "./merkle-tree.ts";
import { batchOrder, firstRunStart, isProofValid, proofOf, runProofOf } from "./proof.ts";

const TYPES = ["address", "uint256"];
const amount = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n });
const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
const earnings = (sizeMax: number): fc.Arbitrary<Earning[]> => fc.array(fc.record({ account, cumulative: amount }), { minLength: 1, maxLength: sizeMax });
const rowsOf = (list: readonly Earning[]): [string, bigint][] => list.map(({ account, cumulative }) => [account, cumulative]);
const treeOf = (list: readonly Earning[]) => buildMerkleTree(packEarnings(list), hasher);

/** Accounts that differ, in a tree of any size. */
function listOf(size: number): Earning[] {
  return Array.from({ length: size }, (_, index) => ({
    account: toHex(new Uint8Array(20).fill(1 + (index % 250), index % 20)),
    cumulative: BigInt(index) * 7n + 1n,
  }));
}

describe("the tree", () => {
  test("has OpenZeppelin's root and proofs, for random lists", () => {
    const numRuns = atSize(60, 1_000);
    fc.assert(
      fc.property(earnings(60), fc.nat(), (list, pick) => {
        const tree = treeOf(list);
        const theirs = StandardMerkleTree.of(rowsOf(list), TYPES, { sortLeaves: false });
        expect(toHex(rootOf(tree))).toBe(theirs.root);
        const leaf = pick % list.length;
        const proof = proofOf(tree, leaf).map(toHex);
        expect(proof).toEqual(theirs.getProof(leaf));
        expect(StandardMerkleTree.verify(toHex(rootOf(tree)), TYPES, rowsOf(list)[leaf] ?? [], proof)).toBe(true);
      }),
      { numRuns },
    );
  });

  test("has the root of OpenZeppelin's sorted tree when it is given the leaves in that order", () => {
    fc.assert(
      fc.property(earnings(40), (list) => {
        const theirs = StandardMerkleTree.of(rowsOf(list), TYPES);
        const { values } = theirs.dump();
        const sorted = values.toSorted((left, right) => right.treeIndex - left.treeIndex).map(({ value: [account, cumulative] }) => ({ account, cumulative }));
        expect(toHex(rootOf(treeOf(sorted as Earning[])))).toBe(theirs.root);
      }),
      { numRuns: atSize(30, 500) },
    );
  });

  test.each([1, 2, 3, 4, 5, 7, 8, 9, 127, 128, 129, 255, 256, 257, 2_049])("of %i leaves is OpenZeppelin's", (size) => {
    const list = listOf(size);
    expect(toHex(rootOf(treeOf(list)))).toBe(StandardMerkleTree.of(rowsOf(list), TYPES, { sortLeaves: false }).root);
  });

  test("needs a leaf and whole earnings", () => {
    expect(() => buildMerkleTree(new Uint8Array(), hasher)).toThrow("at least one");
    expect(() => buildMerkleTree(new Uint8Array(33), hasher)).toThrow("no whole number");
  });
});

describe("proofs", () => {
  test("hold for their own earning and for no other", () => {
    fc.assert(
      fc.property(earnings(40), fc.nat(), amount, account, (list, pick, otherAmount, otherAccount) => {
        const tree = treeOf(list);
        const leaf = pick % list.length;
        const [earning, proof] = [earningAt(packEarnings(list), leaf), proofOf(tree, leaf)];
        const holds = (claimed: Earning): boolean => isProofValid(rootOf(tree), claimed, proof, hasher);
        expect(holds(earning)).toBe(true);
        expect(holds({ ...earning, cumulative: otherAmount })).toBe(otherAmount === earning.cumulative);
        expect(holds({ ...earning, account: otherAccount })).toBe(otherAccount === earning.account);
        expect(isProofValid(rootOf(tree).subarray(1), earning, proof, hasher)).toBe(false);
      }),
      { numRuns: atSize(60, 1_000) },
    );
  });

  test("of a whole run prove all its leaves: runs follow each other from the first start to the end, in a tree of any size", () => {
    for (let leafCount = 1; leafCount <= 40; leafCount += 1) {
      const tree = treeOf(listOf(leafCount));
      for (const size of [1, 2, 4, 8, 16]) {
        let runs = 0;
        for (let start = firstRunStart(leafCount, size); start + size <= leafCount; start += size) {
          expect(climb(tree.nodes, leafCount, batchOrder({ start, size }), runProofOf(tree, { start, size }))).toBe(toHex(rootOf(tree)));
          runs += 1;
        }
        expect(runs).toBe(Math.max(0, Math.floor((leafCount - firstRunStart(leafCount, size)) / size)));
      }
    }
  });

  test("of leaves that are no whole subtree are refused", () => {
    const tree = treeOf(listOf(21));
    for (const run of [
      { start: 0, size: 4 },
      { start: 2, size: 3 },
      { start: 18, size: 4 },
      { start: -2, size: 4 },
      { start: 1.5, size: 1 },
      { start: 21, size: 1 },
    ]) {
      expect(() => runProofOf(tree, run)).toThrow("no whole subtree");
    }
  });
});

/** What the contract does with a batch: hashes neighbours level by level, then along the path. */
function climb(nodes: Uint8Array, leafCount: number, order: readonly number[], path: readonly Uint8Array[]): string {
  const nodeOf = (leaf: number): Uint8Array => nodes.subarray((2 * leafCount - 2 - leaf) * 32, (2 * leafCount - 1 - leaf) * 32);
  const parentOf = (left: Uint8Array, right: Uint8Array): Uint8Array => {
    const parent = new Uint8Array(32);
    hasher.hashPairs(Uint8Array.from([...left, ...right]), parent);
    return parent;
  };
  let level = order.map(nodeOf);
  while (level.length > 1) level = level.flatMap((node, index) => (index % 2 === 0 ? [parentOf(node, level[index + 1] ?? node)] : []));
  return toHex(path.reduce(parentOf, level[0] ?? new Uint8Array(32)));
}

describe("packed earnings", () => {
  test("unpack to what was packed", () => {
    fc.assert(
      fc.property(earnings(20), (list) => {
        const packed = packEarnings(list);
        expect(list.map((_, index) => earningAt(packed, index))).toEqual(list);
      }),
    );
  });

  test("refuse what no leaf can hold", () => {
    const account = toHex(new Uint8Array(20).fill(171));
    expect(() => packEarnings([{ account, cumulative: -1n }])).toThrow("96 bits");
    expect(() => packEarnings([{ account, cumulative: 2n ** 96n }])).toThrow("96 bits");
    expect(() => packEarnings([{ account: account.toUpperCase() as `0x${string}`, cumulative: 1n }])).toThrow("lower case");
    expect(() => packEarnings([{ account: "0xab", cumulative: 1n }])).toThrow("lower case");
    expect(() => earningAt(packEarnings([{ account, cumulative: 1n }]), 1)).toThrow("no earning 1");
  });
});
