import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeviceId } from "../ids.ts";
import { buildRuns, countStates, firstUndecided, joinMaps, MARKS_MAX, type MarkTally, SHARD_STATES, type ShardState, shardsPerMark } from "./shard-map.ts";

const one = (mark: number, state: ShardState, device: DeviceId | null = null): MarkTally => ({ mark, counts: { [state]: 1 }, device });
const shape = (shardCount: number, width = 1, fromMark = 0) => ({ shardCount, shardsPerMark: width, fromMark });

describe("runs of a map", () => {
  test("neighbours that look alike are one run, and what nobody touched waits", () => {
    expect(buildRuns(shape(8), [one(1, "accepted"), one(2, "accepted"), one(3, "failed"), one(6, "reported")])).toEqual([
      { state: "waiting", fromNo: 0, toNo: 1 },
      { state: "accepted", fromNo: 1, toNo: 3 },
      { state: "failed", fromNo: 3, toNo: 4 },
      { state: "waiting", fromNo: 4, toNo: 6 },
      { state: "reported", fromNo: 6, toNo: 7 },
      { state: "waiting", fromNo: 7, toNo: 8 },
    ]);
  });

  test("grants of two devices are two runs", () => {
    expect(buildRuns(shape(3), [one(0, "granted", "dev_a"), one(1, "granted", "dev_a"), one(2, "granted", "dev_b")])).toEqual([
      { state: "granted", fromNo: 0, toNo: 2, device: "dev_a" },
      { state: "granted", fromNo: 2, toNo: 3, device: "dev_b" },
    ]);
  });

  test("a mark of many shards shows the state that asks most to be looked at, with the counts of all; the last mark may be shorter", () => {
    const tallies: MarkTally[] = [
      { mark: 0, counts: { accepted: 10 }, device: null },
      { mark: 1, counts: { accepted: 8, failed: 1 }, device: null },
      { mark: 2, counts: { accepted: 3, granted: 2, reported: 1 }, device: "dev_a" },
      { mark: 3, counts: { accepted: 5 }, device: null },
    ];
    expect(buildRuns(shape(35, 10), tallies)).toEqual([
      { state: "accepted", fromNo: 0, toNo: 10 },
      { state: "failed", fromNo: 10, toNo: 20, counts: { accepted: 8, failed: 1, waiting: 1 } },
      { state: "granted", fromNo: 20, toNo: 30, device: "dev_a", counts: { accepted: 3, granted: 2, reported: 1, waiting: 4 } },
      { state: "accepted", fromNo: 30, toNo: 35 },
    ]);
  });
});

test("no job has more marks than are drawn, and every mark stands for a shard", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (shardCount) => {
      const marks = Math.ceil(shardCount / shardsPerMark(shardCount));
      expect(marks).toBeGreaterThanOrEqual(1);
      expect(marks).toBeLessThanOrEqual(MARKS_MAX);
      if (shardCount <= MARKS_MAX) expect(marks).toBe(shardCount);
    }),
  );
});

test("runs cover every shard once, count what the marks count, and a map joined from its first undecided shard on is the map read whole", () => {
  const states = fc.array(fc.constantFrom(...SHARD_STATES), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(states, fc.integer({ min: 1, max: 7 }), (shards, width) => {
      const tallies = tally(shards, width);
      const whole = { shardCount: shards.length, shardsPerMark: width, version: "1", runs: buildRuns(shape(shards.length, width), tallies) };
      let next = 0;
      for (const run of whole.runs) {
        expect(run.fromNo).toBe(next);
        next = run.toNo;
      }
      expect(next).toBe(shards.length);
      for (const state of SHARD_STATES) expect(countStates(whole.runs)[state]).toBe(shards.filter((is) => is === state).length);

      const fromMark = Math.floor(firstUndecided(whole) / width);
      expect(shards.slice(0, fromMark * width).every((state) => ["accepted", "provisional", "failed", "wrong"].includes(state))).toBe(true);
      const fresh = tallies.filter(({ mark }) => mark >= fromMark);
      expect(joinMaps(whole, { ...whole, runs: buildRuns(shape(shards.length, width, fromMark), fresh) })).toEqual(whole);
    }),
  );
});

/** Marks as the server counts them: waiting shards are in no count. */
function tally(shards: readonly ShardState[], width: number): MarkTally[] {
  const marks = Map.groupBy(shards.keys(), (no) => Math.floor(no / width));
  return [...marks].map(([mark, nos]) => {
    const counts: MarkTally["counts"] = {};
    for (const no of nos) {
      const state = shards[no] ?? "waiting";
      if (state !== "waiting") counts[state] = (counts[state] ?? 0) + 1;
    }
    return { mark, counts, device: null };
  });
}
