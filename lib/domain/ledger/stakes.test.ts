import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Stake, splitReturn, splitSpent, WHOLE_BPS } from "./stakes.ts";

const stake = (shareBps: number, heldMicro: bigint): Stake => ({ accountId: "", shareBps, heldMicro });

describe("splitReturn", () => {
  test("divides by the stated shares, not by what was put in; what does not divide goes to the last", () => {
    expect(splitReturn([stake(2500, 40n), stake(7500, 60n)], 10n)).toEqual([2n, 8n]);
    expect(splitReturn([stake(5000, 100n), stake(5000, 100n)], 51n)).toEqual([25n, 26n]);
    expect(splitReturn([stake(0, 50n), stake(WHOLE_BPS, 50n)], 40n)).toEqual([0n, 40n]);
  });

  test("gives nobody more than the job holds of theirs; the others get it", () => {
    expect(splitReturn([stake(9000, 10n), stake(1000, 90n)], 50n)).toEqual([10n, 40n]);
    expect(splitReturn([stake(0, 90n), stake(WHOLE_BPS, 10n)], 50n)).toEqual([40n, 10n]);
    expect(splitReturn([stake(0, 0n), stake(0, 7n)], 7n)).toEqual([0n, 7n]);
  });

  test("refuses to divide more than there is, and less than nothing", () => {
    expect(() => splitReturn([stake(WHOLE_BPS, 5n)], 6n)).toThrow(RangeError);
    expect(() => splitReturn([stake(WHOLE_BPS, 5n)], -1n)).toThrow(RangeError);
  });
});

/** One to six stakes whose shares make up all of what is returned. */
const stakes = fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.bigInt({ min: 0n, max: 10n ** 13n })), { minLength: 1, maxLength: 6 }).map((all) => {
  const ofOthers = all.slice(0, -1).reduce((sum, [share]) => sum + share, 0);
  return all.map(([share, held], i) => stake(i === all.length - 1 ? WHOLE_BPS - ofOthers : share, held));
});
const sum = (parts: readonly bigint[]) => parts.reduce((total, part) => total + part, 0n);
const totalOf = (all: readonly Stake[]) => sum(all.map(({ heldMicro }) => heldMicro));
const parts = fc.tuple(fc.bigInt({ min: 0n, max: 10_000n }), fc.bigInt({ min: 0n, max: 10_000n }));

test("whatever the stakes: all of it is divided, nobody gets more than is theirs, and a share is right to a unit for each stake before it where nothing else binds", () => {
  fc.assert(
    fc.property(stakes, parts, (all, [part]) => {
      const amount = (totalOf(all) * part) / 10_000n;
      const divided = splitReturn(all, amount);
      expect(sum(divided)).toBe(amount);
      for (const [i, { heldMicro }] of all.entries()) {
        expect(divided[i]).toBeGreaterThanOrEqual(0n);
        expect(divided[i]).toBeLessThanOrEqual(heldMicro);
      }
      const isFree = all.every(({ shareBps, heldMicro }) => heldMicro * BigInt(WHOLE_BPS) >= amount * BigInt(shareBps) + BigInt(WHOLE_BPS * all.length));
      if (!isFree) return;
      for (const [i, { shareBps }] of all.entries()) {
        const off = (divided[i] ?? 0n) * BigInt(WHOLE_BPS) - amount * BigInt(shareBps);
        expect(off < 0n ? -off : off).toBeLessThanOrEqual(BigInt(WHOLE_BPS * (i + 1)));
      }
    }),
  );
});

test("a unit more takes from none: in however many steps money is spent, the same is taken from each", () => {
  fc.assert(
    fc.property(stakes, parts, (all, [a, b]) => {
      const total = totalOf(all);
      const [first, both] = a < b ? [(total * a) / 10_000n, (total * b) / 10_000n] : [(total * b) / 10_000n, (total * a) / 10_000n];
      const spentFirst = splitSpent(all, first);
      const after = all.map((one, i) => ({ ...one, heldMicro: one.heldMicro - (spentFirst[i] ?? 0n) }));
      const spentThen = splitSpent(after, both - first);
      expect(spentFirst.map((part, i) => part + (spentThen[i] ?? 0n))).toEqual(splitSpent(all, both));
    }),
  );
});

test("what was spent and what is returned are all that was put in, in whatever order epochs and the return come", () => {
  fc.assert(
    fc.property(stakes, parts, (all, [a, b]) => {
      const total = totalOf(all);
      const spent = (total * a) / 10_000n;
      const early = (spent * b) / 10_000n;
      const take = (from: readonly Stake[], taken: readonly bigint[]) => from.map((one, i) => ({ ...one, heldMicro: one.heldMicro - (taken[i] ?? 0n) }));
      // An epoch pays a part, the rest of the job is returned, a later epoch pays what is left.
      const paid = take(all, splitSpent(all, early));
      const returned = splitReturn(paid, total - spent);
      const left = take(paid, returned);
      expect(totalOf(left)).toBe(spent - early);
      // The same as if everything had been returned before anything was paid out: a unit is rounded for each stake at most.
      for (const [i, part] of splitReturn(all, total - spent).entries()) {
        const off = part - (returned[i] ?? 0n);
        expect(off < 0n ? -off : off).toBeLessThanOrEqual(BigInt(all.length));
      }
    }),
  );
});
