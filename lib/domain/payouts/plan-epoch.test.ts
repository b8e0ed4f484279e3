import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Micro } from "../ledger/money.ts";
import { type Candidate, drawDebits, type Means, payersOf, planEpoch } from "./plan-epoch.ts";

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
    expect(drawDebits([["ada", 105n]], given)).toEqual([
      { key: "k0", ownerId: "ada", amountMicro: 60n },
      { key: "k1", ownerId: "ada", amountMicro: 45n },
    ]);
    expect(() => drawDebits([["bob", 1n]], given)).toThrow("do not hold");
  });
});

test("the sponsor's budget goes to whoever's job comes first, and an owner's later job takes none of it from others", () => {
  const given = means({
    sources: [
      { key: "k0", accountId: "sponsor", takeableMicro: 10n },
      { key: "k1", accountId: "bob", takeableMicro: 10n },
    ],
    granted: new Map([
      ["ada", 10n],
      ["bob", 10n],
    ]),
    sponsorId: "sponsor",
    feeBps: 0,
  });
  const jobs = [
    { ownerId: "bob", netMicro: 5n },
    { ownerId: "ada", netMicro: 5n },
    { ownerId: "bob", netMicro: 10n },
  ].map((shape, i) => ({ jobId: `j${i}`, feeMicro: 0n, ...shape }));
  const takes = planEpoch(jobs, given);
  expect(takes.map(({ share }) => share)).toEqual([5n, 5n, 10n]);
  expect(
    drawDebits(
      takes.map(({ ownerId, share }) => [ownerId, share] as const),
      given,
    ),
  ).toEqual([
    { key: "k0", ownerId: "bob", amountMicro: 5n },
    { key: "k0", ownerId: "ada", amountMicro: 5n },
    { key: "k1", ownerId: "bob", amountMicro: 10n },
  ]);
});

describe("a job that several funded", () => {
  const stakes = [
    { accountId: "bob", shareBps: 2500, heldMicro: 40n },
    { accountId: "ada", shareBps: 7500, heldMicro: 160n },
  ];
  const both = means({ sources: [...means().sources, { key: "k2", accountId: "bob", takeableMicro: 1000n }] });

  test("is paid by each of them as far as the rest would not be returned to them", () => {
    const [take] = planEpoch([job({ stakes, feeMicro: 0n })], both);
    expect(take).toMatchObject({ share: 100n });
    // Of the hundred that remain, a quarter would go back to bob.
    expect(payersOf({ ownerId: "ada", stakes }, 100n)).toEqual([
      ["bob", 15n],
      ["ada", 85n],
    ]);
  });

  test("is taken in part where one of them cannot pay, and nobody pays for another", () => {
    const short = { ...both, sources: both.sources.map((source) => (source.key === "k2" ? { ...source, takeableMicro: 3n } : source)) };
    const [take] = planEpoch([job({ stakes, feeMicro: 0n, netMicro: 200n })], short);
    const paid = new Map(payersOf({ ownerId: "ada", stakes }, take?.share ?? 0n));
    expect(paid.get("bob")).toBeLessThanOrEqual(3n);
    expect(payersOf({ ownerId: "ada", stakes }, (take?.share ?? 0n) + 1n)[0]?.[1]).toBe(4n);
  });
});

const amount = fc.bigInt({ min: 0n, max: 2_000_000n });
const owner = fc.constantFrom("ada", "bob", "sponsor");

type Shape = Pick<Candidate, "ownerId" | "netMicro" | "feeMicro">;

/** Others' parts of a job, beside what its owner must have put in at least. */
function stakesOf({ ownerId, netMicro, feeMicro }: Shape, others: Record<string, [number, Micro]>): Pick<Candidate, "stakes"> {
  const parts = Object.entries(others).filter(([id]) => id !== ownerId);
  if (parts.length === 0) return {};
  const shares = parts.reduce((sum, [, [shareBps]]) => sum + shareBps, 0);
  const stakes = parts.map(([accountId, [shareBps, heldMicro]]) => ({ accountId, shareBps, heldMicro }));
  return { stakes: [...stakes, { accountId: ownerId, shareBps: 10_000 - shares, heldMicro: netMicro + feeMicro }] };
}

test("whatever is planned: no budget, gift, cap or fee bound is exceeded, and what is drawn is exactly what was spent", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ ownerId: owner, netMicro: amount, feeMicro: amount, others: fc.dictionary(owner, fc.tuple(fc.integer({ min: 0, max: 3000 }), amount)) }),
        { maxLength: 12 },
      ),
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
          jobs.map(({ others, ...candidate }, i) => ({ jobId: `j${i}`, ...candidate, ...stakesOf(candidate, others) })),
          all,
        );
        const spent = new Map<string, Micro>();
        const drawn: [string, Micro][] = [];
        let [net, fee] = [0n, 0n];
        for (const { netMicro, feeMicro, share, whole, ...take } of takes) {
          const paid = (netMicro * share) / whole;
          expect(paid + feeMicro).toBeLessThanOrEqual(share);
          net += paid;
          fee += feeMicro;
          for (const [ownerId, part] of payersOf(take, paid + feeMicro)) {
            drawn.push([ownerId, part]);
            spent.set(ownerId, (spent.get(ownerId) ?? 0n) + part);
          }
        }
        expect(net + fee).toBeLessThanOrEqual(capMicro);
        // Rounding a share down may lose a unit of net for each job, never more.
        expect(fee * 10_000n).toBeLessThanOrEqual((net + fee + BigInt(takes.length)) * BigInt(feeBps) + 10_000n * BigInt(takes.length));
        const debits = drawDebits(drawn, all);
        const totals = (pick: (debit: (typeof debits)[number]) => string) =>
          debits.reduce((sums, debit) => sums.set(pick(debit), (sums.get(pick(debit)) ?? 0n) + debit.amountMicro), new Map<string, Micro>());
        for (const [key, taken] of totals(({ key }) => key))
          expect(taken).toBeLessThanOrEqual(all.sources.find((source) => source.key === key)?.takeableMicro ?? 0n);
        for (const [ownerId, taken] of totals(({ ownerId }) => ownerId)) expect(taken).toBe(spent.get(ownerId));
        expect(debits.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)).toBe(net + fee);
      },
    ),
  );
});
