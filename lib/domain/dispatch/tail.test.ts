import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { needsOthers, orderOffers } from "./choose-jobs.ts";
import { foldTiming, grantMsFor, priorRuntime, runtimeMs } from "./estimate-runtime.ts";
import { guidedShards, mayQueue, packMs } from "./pack-grant.ts";
import { ShareQueue, sharesOf } from "./share-queue.ts";
import { chooseSpeculation, copiesMax, type Outstanding, partToCopy, remainingMs } from "./speculate.ts";

describe("estimates of runtime", () => {
  test("come to what is measured, per weight, and higher quantiles are longer", () => {
    let runtime = priorRuntime(1000, 2);
    expect(runtimeMs(runtime, 1, 0)).toBeCloseTo(500);
    for (let i = 0; i < 50; i++) runtime = foldTiming(runtime, { ms: 6000, weight: 2 });
    expect(runtimeMs(runtime, 1, 0)).toBeCloseTo(3000);
    expect(runtimeMs(runtime, 4, 0)).toBeCloseTo(12_000);
    expect(runtimeMs(priorRuntime(1000, 1), 1, 1.645)).toBeGreaterThan(runtimeMs(priorRuntime(1000, 1), 1, 0));
  });

  test("grants grow with the square root of the session's age between 5 and 60 s", () => {
    expect(grantMsFor(0)).toBe(5000);
    expect(grantMsFor(600_000)).toBeCloseTo(30_984, 0);
    expect(grantMsFor(86_400_000)).toBe(60_000);
  });
});

describe("tail copies", () => {
  const device = { clusterId: "me", sessionMs: 60_000, expectedMs: 10_000 };
  const shard: Outstanding = { clusterIds: ["a"], extraCopies: 0, elapsedMs: 0, expectedMs: 60_000 };

  test("go to the shard that gains most, never for a small gain, to a young session, a fifth time, to the same cluster or beyond the cap", () => {
    expect(chooseSpeculation(device, [shard, { ...shard, expectedMs: 90_000 }], 1)).toBe(1);
    expect(chooseSpeculation(device, [{ ...shard, expectedMs: 11_999 }], 1)).toBeNull();
    expect(chooseSpeculation({ ...device, sessionMs: 19_999 }, [shard], 1)).toBeNull();
    expect(chooseSpeculation(device, [{ ...shard, extraCopies: 4 }], 1)).toBeNull();
    expect(chooseSpeculation(device, [{ ...shard, clusterIds: ["a", "me"] }], 1)).toBeNull();
    expect(chooseSpeculation(device, [shard], 0)).toBeNull();
    expect([copiesMax(1), copiesMax(10_000)]).toEqual([1, 500]);
  });

  test("a holder that is overdue is expected to need half as long again", () => {
    expect(remainingMs({ ...shard, elapsedMs: 20_000 })).toBe(40_000);
    expect(remainingMs({ ...shard, elapsedMs: 80_000 })).toBe(40_000);
    expect(remainingMs({ ...shard, expectedMs: 10, elapsedMs: 20 })).toBe(5000);
  });
});

test("a shard waits behind another one on its device while there is plenty, and not once half the devices would go without", () => {
  expect([51, 50, 1, 0].map((left) => mayQueue({ left, holders: 100 }))).toEqual([true, false, false, false]);
  expect([1, 0].map((left) => mayQueue({ left, holders: 1 }))).toEqual([true, false]);
});

describe("fair share", () => {
  /** Serves the least served job so often, a millisecond of work each. */
  const serve = (queue: ShareQueue<string>, rounds: number): Map<string, number> => {
    const got = new Map<string, number>();
    for (let i = 0; i < rounds; i++) {
      const [key = ""] = queue.inOrder();
      queue.charge(key, 1);
      got.set(key, (got.get(key) ?? 0) + 1);
    }
    return got;
  };

  test("jobs get shares like their weights, and one that joins later owes nothing and is owed nothing", () => {
    const queue = new ShareQueue<string>();
    const weights = new Map([
      ["a", 1],
      ["b", 2],
      ["c", 5],
    ]);
    queue.sync(weights);
    expect([...serve(queue, 8000)].sort()).toEqual([
      ["a", 1000],
      ["b", 2000],
      ["c", 5000],
    ]);
    queue.sync(new Map([...weights, ["d", 2]]));
    expect(Math.abs((serve(queue, 1000).get("d") ?? 0) - 200)).toBeLessThanOrEqual(2);
    queue.sync(new Map());
    expect([...queue.inOrder()]).toEqual([]);
    expect(queue.passOf("a")).toBeNull();
    queue.charge("a", 5);
  });

  test("whatever is charged, the walk goes from the least served on and keeps every job once", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.integer({ min: -50, max: 1000 })), { maxLength: 100 }), (charges) => {
        const queue = new ShareQueue<number>();
        queue.sync(new Map(Array.from({ length: 10 }, (_, i) => [i, 1 + (i % 3)])));
        for (const [key, amount] of charges) queue.charge(key, amount);
        const passes = [...queue.inOrder()].map((key) => queue.passOf(key) ?? Number.NaN);
        expect(passes).toEqual(passes.toSorted((a, b) => a - b));
        expect(new Set(queue.inOrder()).size).toBe(10);
      }),
    );
  });

  test("accounts share equally, however many jobs they have", () => {
    const shares = sharesOf([
      { key: "one", accountId: "a", weight: 1 },
      { key: "two", accountId: "b", weight: 1 },
      { key: "three", accountId: "b", weight: 3 },
    ]);
    expect([...shares]).toEqual([
      ["one", 1],
      ["two", 0.25],
      ["three", 0.75],
    ]);
  });

  test("a program that the device runs goes first until its job is a minute ahead", () => {
    const shared = { heads: [40, 20], holders: 5 };
    const jobs = [
      { ...shared, pass: 0, isKnown: false },
      { ...shared, pass: 59_000, isKnown: true },
      { ...shared, pass: 61_000, isKnown: true },
    ];
    for (const leavesOwn of [false, true]) expect(orderOffers(jobs, { leavesOwn }).map((job) => job.pass)).toEqual([59_000, 0, 61_000]);
    expect(orderOffers([], { leavesOwn: true })).toEqual([]);
  });
});

describe("packing", () => {
  const device = { wantedMs: 10_000, sessionMs: 3_600_000, lossesInRow: 0 };
  test("a device gets what it asks for, less while its session is young, half for each silent loss in a row, and never nothing", () => {
    expect(packMs(device)).toBe(10_000);
    expect(packMs({ ...device, sessionMs: 0 })).toBe(5000);
    expect(packMs({ ...device, lossesInRow: 2 })).toBe(2500);
    expect(packMs({ ...device, lossesInRow: 99 })).toBe(625);
    expect(packMs({ ...device, wantedMs: 1, lossesInRow: 4 })).toBe(1);
  });

  test("near the end nobody gets more than half of an equal share", () => {
    expect(guidedShards({ left: 1000, holders: 10 })).toBe(50);
    expect(guidedShards({ left: 1, holders: 500 })).toBe(1);
    expect(guidedShards({ left: 7, holders: 0 })).toBe(4);
  });

  test("a copy takes the end of a grant, never what may be reported already", () => {
    expect(partToCopy({ fromNo: 10, toNo: 20, reported: 4 }, 100)).toEqual({ fromNo: 17, toNo: 20 });
    expect(partToCopy({ fromNo: 10, toNo: 20, reported: 0 }, 2)).toEqual({ fromNo: 18, toNo: 20 });
    expect(partToCopy({ fromNo: 10, toNo: 11, reported: 0 }, 5)).toEqual({ fromNo: 10, toNo: 11 });
  });

  test("a job whose begun shards only one device knows is offered to all others as if they knew it", () => {
    const jobs = [
      { pass: 1, isKnown: true, heads: [40, 20], holders: 5 },
      { pass: 0, isKnown: false, heads: [40, 20], holders: 1 },
    ];
    expect(orderOffers(jobs, { leavesOwn: false }).map((job) => job.pass)).toEqual([0, 1]);
    const own = [
      { pass: 0, isKnown: true, heads: [40, 20], holders: 1 },
      { pass: 99_000, isKnown: false, heads: [40, 20], holders: 5 },
    ];
    expect(orderOffers(own, { leavesOwn: true }).map((job) => job.pass)).toEqual([99_000, 0]);
    expect(orderOffers(own, { leavesOwn: false }).map((job) => job.pass)).toEqual([0, 99_000]);
    expect(needsOthers({ heads: [40, 40], holders: 1 })).toBe(false);
    expect(needsOthers({ heads: [40, 40, 20], holders: 2 })).toBe(true);
    expect(needsOthers({ heads: [40, 40, 20], holders: 3 })).toBe(false);
    expect(needsOthers({ heads: [40], holders: 0 })).toBe(false);
    expect(needsOthers({ heads: [], holders: 0 })).toBe(false);
  });
});
