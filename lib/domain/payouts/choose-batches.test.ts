import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseBatches } from "./choose-batches.ts";

test("everybody with enough due is reached exactly once, by a whole subtree where it is worth it, and nobody else causes a payment", () => {
  const due = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 20n }));
  fc.assert(
    fc.property(fc.array(due, { maxLength: 700 }), (dues) => {
      const { batches, singles } = chooseBatches(dues, 5n);
      const reached = [...batches.flatMap(({ start, size }) => Array.from({ length: size }, (_, i) => start + i)), ...singles];
      expect(new Set(reached).size).toBe(reached.length);
      for (const [leaf, amount] of dues.entries()) if (amount >= 5n) expect(reached).toContain(leaf);
      for (const leaf of singles) expect(dues[leaf]).toBeGreaterThanOrEqual(5n);
      for (const { start, size } of batches) {
        expect(Number.isInteger(Math.log2(size)) && start + size <= dues.length && (2 * dues.length - start) % size === 0).toBe(true);
        expect(dues.slice(start, start + size).filter((amount) => amount >= 5n).length).toBeGreaterThanOrEqual(Math.max(2, size / 8));
      }
    }),
  );
});
