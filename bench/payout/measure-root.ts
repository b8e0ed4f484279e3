import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { earningAt } from "#lib/domain/merkle/earnings.ts";
import { buildMerkleTree, rootOf } from "#lib/domain/merkle/merkle-tree.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import { medianOf } from "../report.ts";

const WARM_UP_LEAVES = 4_096;
const ROUNDS = 3;

/** Packed earnings of accounts that all differ, the same in every run: the address is a number spread over 20 bytes. */
export function makeEarnings(count: number, round = 1): Uint8Array {
  const packed = new Uint8Array(count * 32);
  const view = new DataView(packed.buffer);
  for (let index = 0; index < count; index += 1) {
    view.setUint32(index * 32, Math.imul(index + 1, 2_654_435_761) >>> 0);
    view.setUint32(index * 32 + 12, Math.imul(index + 1, 2_246_822_519) >>> 0);
    view.setUint32(index * 32 + 16, index + 1);
    view.setUint32(index * 32 + 28, (1_000_000 + (index % 1_000)) * round);
  }
  return packed;
}

/** CPU seconds of our tree of so many leaves, the median of some rounds, in this thread and with everything it starts. */
export function measureOurs(count: number): number {
  buildMerkleTree(makeEarnings(WARM_UP_LEAVES), keccakMerkleHasher);
  const packed = makeEarnings(count);
  return medianOf(Array.from({ length: ROUNDS }, () => cpuSeconds(() => buildMerkleTree(packed, keccakMerkleHasher))));
}

/** CPU seconds of OpenZeppelin's tree over the same list, once, in our order and so without the time of its sorting. Throws if its root differs. */
export function measureOpenZeppelin(count: number): number {
  const packed = makeEarnings(count);
  const rows = Array.from({ length: count }, (_, index) => Object.values(earningAt(packed, index)) as [string, bigint]);
  let root = "";
  const seconds = cpuSeconds(() => {
    root = StandardMerkleTree.of(rows, ["address", "uint256"], { sortLeaves: false }).root;
  });
  const ours = `0x${Buffer.from(rootOf(buildMerkleTree(packed, keccakMerkleHasher))).toString("hex")}`;
  if (root !== ours) throw new Error(`The roots differ: ${root} and ${ours}.`);
  return seconds;
}

function cpuSeconds(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
