import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { keccak256 as reference } from "viem";
import { expect, test } from "vitest";
import { keccak256, keccakMerkleHasher } from "./keccak256.ts";

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;
const bytesOf = (length: number, seed = 7): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + seed + (index >> 5)) & 255);

test("agrees with the digests that Ethereum is built on", () => {
  expect(hex(keccak256(new Uint8Array()))).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  expect(hex(keccak256(new TextEncoder().encode("abc")))).toBe("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  expect(hex(keccak256(new TextEncoder().encode("transfer(address,uint256)"))).slice(0, 10)).toBe("0xa9059cbb");
});

test("agrees with viem at every length around its block and its buffer", () => {
  const lengths = [...Array(420).keys(), 130_967, 130_968, 130_969, 131_071, 131_072, 131_073, 300_000];
  for (const length of lengths) expect(hex(keccak256(bytesOf(length)))).toBe(reference(bytesOf(length)));
});

test("agrees with viem on random bytes, and one call leaves nothing to the next", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => hex(keccak256(bytes)) === reference(bytes)));
});

test("hashes leaves twice and pairs with the smaller first, across the ends of its buffer", () => {
  const records = bytesOf(5_000 * 64, 3);
  const leaves = new Uint8Array(5_000 * 32);
  keccakMerkleHasher.hashLeaves(records, leaves);
  const parents = new Uint8Array(2_500 * 32);
  keccakMerkleHasher.hashPairs(leaves, parents);
  for (const index of [0, 1, 2_047, 2_048, 2_049, 4_999]) {
    const once = reference(records.subarray(index * 64, index * 64 + 64), "bytes");
    expect(hex(leaves.subarray(index * 32, index * 32 + 32))).toBe(reference(once));
  }
  for (const index of [0, 1, 2_047, 2_048, 2_499]) {
    const pair = [0, 1].map((side) => leaves.subarray((2 * index + side) * 32, (2 * index + side + 1) * 32)).sort(Buffer.compare);
    expect(hex(parents.subarray(index * 32, index * 32 + 32))).toBe(reference(Buffer.concat(pair)));
  }
});

test("equal nodes and nodes that differ in their last byte alone are ordered as bytes", () => {
  const [low, high] = [new Uint8Array(32).fill(200), new Uint8Array(32).fill(200)];
  high[31] = 201;
  const parents = new Uint8Array(96);
  keccakMerkleHasher.hashPairs(Uint8Array.from([...low, ...high, ...high, ...low, ...low, ...low]), parents);
  expect(hex(parents.subarray(0, 32))).toBe(reference(Uint8Array.from([...low, ...high])));
  expect(hex(parents.subarray(32, 64))).toBe(hex(parents.subarray(0, 32)));
  expect(hex(parents.subarray(64))).toBe(reference(Uint8Array.from([...low, ...low])));
});

test("lists that do not fit together are refused", () => {
  expect(() => keccakMerkleHasher.hashLeaves(new Uint8Array(65), new Uint8Array(32))).toThrow("not records of 64");
  expect(() => keccakMerkleHasher.hashPairs(new Uint8Array(64), new Uint8Array(64))).toThrow("not records of 64");
});

test("the committed module is what keccak.c compiles to, byte for byte", { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "build-keccak-"));
  try {
    const output = join(folder, "keccak-wasm.ts");
    execFileSync(process.execPath, [join(import.meta.dirname, "../../../scripts/build-keccak.mjs"), "--output", output], { cwd: folder, stdio: "pipe" });
    expect(readFileSync(output, "utf8")).toBe(readFileSync(join(import.meta.dirname, "keccak-wasm.ts"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
