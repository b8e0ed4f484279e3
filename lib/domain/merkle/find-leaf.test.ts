import fc from "fast-check";
import { expect, test } from "vitest";
import { drawFrom } from "#lib/testing/draw.ts";
import { TEST_SEED } from "#lib/testing/run-size.ts";
import { earningAt, packEarnings } from "./earnings.ts";
import { findLeaf } from "./find-leaf.ts";

/** So small that lists of a test fill several. */
const PAGE_LEAVES = 64;
const addressOf = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`;
const addresses = (minLength: number) => fc.uniqueArray(fc.uint8Array({ minLength: 20, maxLength: 20 }), { minLength, maxLength: 900, selector: addressOf });

test("finds every address of a sorted list, evenly spread or crowded together, and no other", async () => {
  await fc.assert(
    fc.asyncProperty(addresses(1), fc.boolean(), fc.uint8Array({ minLength: 20, maxLength: 20 }), async (list, isCrowded, stranger) => {
      const sorted = list.map((bytes) => addressOf(isCrowded ? Uint8Array.from([0, 0, ...bytes.subarray(2)]) : bytes)).sort();
      const unique = [...new Set(sorted)];
      const packed = packEarnings(unique.map((account, i) => ({ account, cumulative: BigInt(i) })));
      const read = async (start: number, end: number) => packed.subarray(start * 32, end * 32);
      for (const [i, account] of unique.entries()) {
        const found = await findLeaf(unique.length, Buffer.from(account.slice(2), "hex"), read, PAGE_LEAVES);
        expect(found?.leaf).toBe(i);
        expect(earningAt(found?.packed ?? new Uint8Array(), 0)).toEqual({ account, cumulative: BigInt(i) });
      }
      if (!unique.includes(addressOf(stranger))) expect(await findLeaf(unique.length, stranger, read, PAGE_LEAVES)).toBeNull();
    }),
    { numRuns: 20 },
  );
});

test("a million evenly spread addresses take at most four readings", async () => {
  const count = 1_000_000;
  let readings = 0;
  const addressAt = (leaf: number): Uint8Array => {
    const bytes = new Uint8Array(20);
    new DataView(bytes.buffer).setBigUint64(0, (2n ** 64n * BigInt(leaf)) / BigInt(count));
    return bytes;
  };
  const read = async (start: number, end: number) => {
    readings += 1;
    const packed = new Uint8Array((end - start) * 32);
    for (let leaf = start; leaf < end; leaf += 1) packed.set(addressAt(leaf), (leaf - start) * 32);
    return packed;
  };
  for (const leaf of [0, 1, 499_999, 777_216, 999_999]) {
    readings = 0;
    expect((await findLeaf(count, addressAt(leaf), read))?.leaf).toBe(leaf);
    expect(readings).toBeLessThanOrEqual(4);
  }
});

/** A sorted list of addresses, and a reader that counts. */
function listOf(heads: BigUint64Array) {
  const sorted = heads.toSorted();
  const addressAt = (leaf: number): Uint8Array => {
    const bytes = new Uint8Array(20);
    new DataView(bytes.buffer).setBigUint64(0, sorted[leaf] ?? 0n);
    return bytes;
  };
  const count = { readings: 0 };
  const read = async (start: number, end: number) => {
    count.readings += 1;
    const packed = new Uint8Array((end - start) * 32);
    for (let leaf = start; leaf < end; leaf += 1) packed.set(addressAt(leaf), (leaf - start) * 32);
    return packed;
  };
  return { addressAt, read, count };
}

test("addresses as wallets have them, which lie a thousand places off where they would if they were spread evenly, mostly take one reading", async () => {
  const leaves = 1_000_000;
  const draw = drawFrom(TEST_SEED);
  const { addressAt, read, count } = listOf(BigUint64Array.from({ length: leaves }, () => (BigInt(draw.upTo(2 ** 31)) << 33n) | BigInt(draw.upTo(2 ** 31))));
  let most = 0;
  const asked = 2000;
  for (let i = 0; i < asked; i += 1) {
    const before = count.readings;
    const leaf = (i * 7919) % leaves;
    expect((await findLeaf(leaves, addressAt(leaf), read))?.packed).toEqual(await read(leaf, leaf + 1));
    most = Math.max(most, count.readings - before - 1);
  }
  expect(count.readings / asked - 1).toBeLessThan(1.2);
  expect(most).toBeLessThanOrEqual(3);
});

test("addresses that somebody made to mislead every guess take a logarithm of readings", async () => {
  const leaves = 262_144;
  // Each is far beyond all before it together.
  const { addressAt, read, count } = listOf(
    BigUint64Array.from({ length: leaves }, (_, i) => (1n << BigInt(Math.floor((i * 64) / leaves))) + BigInt(i % 4096)),
  );
  for (let leaf = 0; leaf < leaves; leaf += 9973) {
    const before = count.readings;
    await findLeaf(leaves, addressAt(leaf), read);
    expect(count.readings - before).toBeLessThanOrEqual(4 + Math.ceil(Math.log2(leaves / 2048)) + 1);
  }
});
