import fc from "fast-check";
import { expect, test } from "vitest";
import { type ReservedPay, rollReserve } from "./roll-reserve.ts";

const pays = fc.array(
  fc.record({ jobId: fc.constantFrom("a", "b", "c"), payments: fc.integer({ min: 0, max: 80 }), priceMicro: fc.bigInt({ min: 1n, max: 1000n }) }),
);
const count = (list: readonly ReservedPay[]) => list.reduce((sum, { payments }) => sum + payments, 0);
const sum = (list: readonly ReservedPay[]) => list.reduce((total, { payments, priceMicro }) => total + BigInt(payments) * priceMicro, 0n);
/** Each payment by itself, in order. */
const single = (list: readonly ReservedPay[]) => list.flatMap((pay) => Array.from({ length: pay.payments }, () => `${pay.jobId} ${pay.priceMicro}`));

test("the newest payments stay, the oldest leave, and none is lost or made", () => {
  fc.assert(
    fc.property(pays, pays, fc.integer({ min: 0, max: 120 }), (held, added, paymentsMax) => {
      const { released, kept } = rollReserve(held, added, paymentsMax);
      expect(count(kept)).toBe(Math.min(paymentsMax, count(held) + count(added)));
      expect(sum(released) + sum(kept)).toBe(sum(held) + sum(added));
      expect([...single(released), ...single(kept)]).toEqual([...single(held), ...single(added)]);
    }),
  );
});
