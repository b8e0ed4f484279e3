import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Micro } from "../ledger/money.ts";
import { type Candidate, drawDebits, type Means, planEpoch } from "./plan-epoch.ts";

const means = (change: Partial<Means> = {}): Means => ({
  sources: [{ key: "k1", accountId: "ada", takeableMicro: 1000n }],
  granted: new Map(),
  sponsorId: null,
  capMicro: 1_000_000n,
  feeBps: 500,
  ...change,
});
const job = (change: Partial<Candidate> = {}): Candidate => ({ jobId: "j1", ownerId: "ada", netMicro: 100n, feeMicro: 5n, ...change });

describe("planEpoch", () => {
  test("takes a job whole that its owner's budget covers", () => {
    expect(planEpoch([job()], means())).toEqual([{ ...job(), share: 105n, whole: 105n }]);
  });

  test("takes a share of what the budget, its cap or the epoch's cap does not cover, and nothing of an owner without money", () => {
    expect(planEpoch([job({ netMicro: 2000n, feeMicro: 100n })], means())).toMatchObject([{ share: 1000n, whole: 2100n, feeMicro: 47n }]);
    expect(planEpoch([job()], means({ capMicro: 21n }))).toMatchObject([{ share: 21n, whole: 105n, feeMicro: 1n }]);
    expect(planEpoch([job({ ownerId: "bob" })], means())).toEqual([]);
  });

  test("the fee is never more of the whole than the contract allows; the rest waits", () => {
    expect(planEpoch([job({ feeMicro: 50n })], means())).toMatchObject([{ feeMicro: 5n, whole: 105n }]);
  });

  test("money that the instance gave is paid by the sponsor, first, and as far as it goes", () => {
    const given = means({
      sources: [...means().sources, { key: "k0", accountId: "sponsor", takeableMicro: 60n }],
      granted: new Map([["ada", 80n]]),
      sponsorId: "sponsor",
    });
    expect(drawDebits(new Map([["ada", 105n]]), given)).toEqual([
      { key: "k0", ownerId: "ada", amountMicro: 60n },
      { key: "k1", ownerId: "ada", amountMicro: 45n },
    ]);
    expect(() => drawDebits(new Map([["bob", 1n]]), given)).toThrow("do not hold");
  });
});

const amount = fc.bigInt({ min: 0n, max: 2_000_000n });
const owner = fc.constantFrom("ada", "bob", "sponsor");

test("whatever is planned: no budget, gift, cap or fee bound is exceeded, and what is drawn is exactly what was spent", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ ownerId: owner, netMicro: amount, feeMicro: amount }), { maxLength: 12 }),
      fc.array(fc.record({ accountId: owner, takeableMicro: amount }), { maxLength: 8 }),
      fc.dictionary(owner, amount),
      fc.record({ capMicro: amount, feeBps: fc.integer({ min: 0, max: 3000 }), hasSponsor: fc.boolean() }),
      (jobs, budgets, granted, { capMicro, feeBps, hasSponsor }) => {
        const all: Means = {
          sources: budgets.map((budget, i) => ({ key: `k${i}`, ...budget })),
          granted: new Map(Object.entries(granted)),
          sponsorId: hasSponsor ? "sponsor" : null,
          capMicro,
          feeBps,
        };
        const takes = planEpoch(
          jobs.map((candidate, i) => ({ jobId: `j${i}`, ...candidate })),
          all,
        );
        const spent = new Map<string, Micro>();
        let [net, fee] = [0n, 0n];
        for (const { ownerId, netMicro, feeMicro, share, whole } of takes) {
          const paid = (netMicro * share) / whole;
          expect(paid + feeMicro).toBeLessThanOrEqual(share);
          net += paid;
          fee += feeMicro;
          spent.set(ownerId, (spent.get(ownerId) ?? 0n) + paid + feeMicro);
        }
        expect(net + fee).toBeLessThanOrEqual(capMicro);
        // Rounding a share down may lose a unit of net for each job, never more.
        expect(fee * 10_000n).toBeLessThanOrEqual((net + fee + BigInt(takes.length)) * BigInt(feeBps) + 10_000n * BigInt(takes.length));
        const debits = drawDebits(spent, all);
        const totals = (pick: (debit: (typeof debits)[number]) => string) =>
          debits.reduce((sums, debit) => sums.set(pick(debit), (sums.get(pick(debit)) ?? 0n) + debit.amountMicro), new Map<string, Micro>());
        for (const [key, taken] of totals(({ key }) => key))
          expect(taken).toBeLessThanOrEqual(all.sources.find((source) => source.key === key)?.takeableMicro ?? 0n);
        for (const [ownerId, taken] of totals(({ ownerId }) => ownerId)) expect(taken).toBe(spent.get(ownerId));
      },
    ),
  );
});
