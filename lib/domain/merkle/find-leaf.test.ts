import fc from "fast-check";
import { expect, test } from "vitest";
import { earningAt, packEarnings } from "./earnings.ts";
import { findLeaf } from "./find-leaf.ts";

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
        const found = await findLeaf(unique.length, Buffer.from(account.slice(2), "hex"), read);
        expect(found?.leaf).toBe(i);
        expect(earningAt(found?.packed ?? new Uint8Array(), 0)).toEqual({ account, cumulative: BigInt(i) });
      }
      if (!unique.includes(addressOf(stranger))) expect(await findLeaf(unique.length, stranger, read)).toBeNull();
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
