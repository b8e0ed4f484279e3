import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planTake, type TakeRequest } from "./plan-take.ts";
import { lengthOf, numbersIn, type Range, rangesOf, without } from "./ranges.ts";

const ask = (over: Partial<TakeRequest>): TakeRequest => ({ heads: [0, 0], shardCount: 100, conflicts: [], shardsMax: 10, mayTakeFirst: true, ...over });

describe("planTake", () => {
  test("a fresh job starts with first replicas", () => {
    expect(planTake(ask({}))).toEqual({ takes: [{ fromNo: 0, toNo: 10 }], skipped: [], heads: [10, 0], short: null });
  });

  test("second replicas of another's shards go before new ones", () => {
    expect(planTake(ask({ heads: [10, 0] })).takes).toEqual([{ fromNo: 0, toNo: 10 }]);
  });

  test("who holds the first replica moves on to new shards", () => {
    const plan = planTake(ask({ heads: [10, 0], conflicts: [{ fromNo: 0, toNo: 10 }] }));
    expect(plan.takes).toEqual([{ fromNo: 10, toNo: 20 }]);
    expect(plan.heads).toEqual([20, 0]);
  });

  test("with the first pass done, own ranges are put aside for somebody else", () => {
    const plan = planTake(ask({ heads: [100, 40], conflicts: [{ fromNo: 40, toNo: 50 }], shardsMax: 10 }));
    expect(plan.skipped).toEqual([{ fromNo: 40, toNo: 50 }]);
    expect(plan.takes).toEqual([{ fromNo: 50, toNo: 60 }]);
  });

  test("a device alone with its own shards waits for a second one", () => {
    expect(planTake(ask({ heads: [100, 0], conflicts: [{ fromNo: 0, toNo: 100 }] })).short).toBe("second_device");
  });

  test("everything granted is said to be so", () => {
    expect(planTake(ask({ heads: [100, 100] }))).toMatchObject({ takes: [], short: "all_granted" });
  });

  test("a trusted device takes second replicas only", () => {
    expect(planTake(ask({ heads: [4, 0], mayTakeFirst: false })).takes).toEqual([{ fromNo: 0, toNo: 4 }]);
    expect(planTake(ask({ heads: [0, 0], mayTakeFirst: false })).takes).toEqual([]);
  });

  test("devices that ask at random cover every pass of every shard once, never twice by one device", () => {
    const asks = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 12 })), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 60 }), asks, (quorum, shardCount, list) => {
        let heads = new Array<number>(quorum).fill(0);
        const held = new Map<number, Range[]>();
        const moved: number[] = [];
        for (const [device, shardsMax] of list) {
          const own = held.get(device) ?? [];
          const plan = planTake({ heads, shardCount, conflicts: own, shardsMax, mayTakeFirst: true });
          expect(plan.takes.flatMap((range) => without(range, own))).toEqual(plan.takes);
          expect(plan.takes.reduce((sum, range) => sum + lengthOf(range), 0)).toBeLessThanOrEqual(shardsMax);
          held.set(device, [...own, ...plan.takes]);
          moved.push(...[...plan.takes, ...plan.skipped].flatMap(numbersIn));
          heads = plan.heads;
          expect([...heads].sort((a, b) => b - a)).toEqual(heads);
        }
        const passes = heads.flatMap((head) => numbersIn({ fromNo: 0, toNo: head }));
        expect(moved.sort((a, b) => a - b)).toEqual(passes.sort((a, b) => a - b));
      }),
    );
  });
});

describe("ranges", () => {
  test("rangesOf and without are inverse on any set of numbers", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(80)), (numbers) => {
        const sorted = [...numbers].sort((a, b) => a - b);
        const whole = { fromNo: 0, toNo: 81 };
        expect(without(whole, without(whole, rangesOf(sorted)))).toEqual(rangesOf(sorted));
      }),
    );
  });
});
