import { expect, test } from "vitest";
import { type Earning, earningAt, packEarnings } from "../merkle/earnings.ts";
import { type EpochHeader, encodeEpochHeader, readEpochFile } from "./epoch-file.ts";
import { mergeLeaves } from "./merge-leaves.ts";

const header: EpochHeader = {
  version: 1,
  chainId: 1,
  escrow: "0xe",
  distributor: "0xd",
  token: "0xt",
  epoch: 1,
  previous: null,
  root: "0xr",
  leafCount: 2,
  cumulativeTotal: "3",
  net: "3",
  fee: "0",
  debits: [{ budget: "0xb", amount: "3" }],
  jobs: [],
};
const account = (n: number): `0x${string}` => `0x${n.toString(16).padStart(40, "0")}`;

test("a file gives back its header and its leaves; one that is cut off or of another version is refused", () => {
  const packed = packEarnings([
    { account: account(1), cumulative: 1n },
    { account: account(2), cumulative: 2n },
  ]);
  const file = Uint8Array.from([...encodeEpochHeader(header), ...packed]);
  expect(readEpochFile(file)).toEqual({ header, packed });
  expect(() => readEpochFile(file.subarray(0, -1))).toThrow("2 leaves");
  expect(() => readEpochFile(Uint8Array.from([1, 2]))).toThrow("no first line");
  expect(() => readEpochFile(encodeEpochHeader({ ...header, version: 2 as 1 }))).toThrow("version 2");
});

async function* stream<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}

async function merged(before: readonly Earning[], paid: readonly Earning[], pieceBytes: number): Promise<Earning[]> {
  const packed = packEarnings(before);
  const pieces = Array.from({ length: Math.ceil(packed.length / pieceBytes) }, (_, i) => packed.subarray(i * pieceBytes, (i + 1) * pieceBytes));
  const leaves: Earning[] = [];
  for await (const piece of mergeLeaves(stream(...pieces), stream(...paid))) for (let i = 0; i < piece.length / 32; i += 1) leaves.push(earningAt(piece, i));
  return leaves;
}

test("leaves are raised and joined in order, wherever the stored ones are cut into pieces", async () => {
  const before = [1, 3, 5, 9].map((n) => ({ account: account(n), cumulative: BigInt(n) }));
  const paid = [0, 3, 4, 9, 12].map((n) => ({ account: account(n), cumulative: 100n }));
  for (const pieceBytes of [1, 31, 32, 33, 64, 1000]) {
    expect(await merged(before, paid, pieceBytes)).toEqual(
      [
        [0, 100n],
        [1, 1n],
        [3, 103n],
        [4, 100n],
        [5, 5n],
        [9, 109n],
        [12, 100n],
      ].map(([n, cumulative]) => ({ account: account(Number(n)), cumulative })),
    );
  }
  expect(await merged([], paid, 32)).toEqual(paid);
  expect(await merged(before, [], 32)).toEqual(before);
});
