import { describe, expect, test } from "vitest";
import { SHARD_STATES, type ShardMap } from "#lib/domain/job/shard-map.ts";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import { listMarks, STATES_AHEAD, sayMap, sayMark } from "./marks.ts";

const words = createWords("en", CATALOGUES.en);
const small: ShardMap = {
  shardCount: 5,
  shardsPerMark: 1,
  version: "1",
  runs: [
    { state: "accepted", fromNo: 0, toNo: 3 },
    { state: "granted", fromNo: 3, toNo: 4, device: "dev_a" },
    { state: "waiting", fromNo: 4, toNo: 5 },
  ],
};
const large: ShardMap = {
  shardCount: 25_000,
  shardsPerMark: 5000,
  version: "1",
  runs: [
    { state: "accepted", fromNo: 0, toNo: 10_000 },
    { state: "granted", fromNo: 10_000, toNo: 15_000, device: "dev_a", counts: { accepted: 4000, granted: 999, waiting: 1 } },
    { state: "waiting", fromNo: 15_000, toNo: 25_000 },
  ],
};

describe("the marks of a map", () => {
  test("are one for every shard", () => {
    expect(listMarks(small).map(({ fromNo, toNo, state }) => [fromNo, toNo, state])).toEqual([
      [0, 1, "accepted"],
      [1, 2, "accepted"],
      [2, 3, "accepted"],
      [3, 4, "granted"],
      [4, 5, "waiting"],
    ]);
  });

  test("are one for several shards in a large job, the last one for what is left", () => {
    expect(
      listMarks({ shardCount: 12, shardsPerMark: 5, version: "1", runs: [{ state: "waiting", fromNo: 0, toNo: 12 }] }).map(({ fromNo, toNo }) => [
        fromNo,
        toNo,
      ]),
    ).toEqual([
      [0, 5],
      [5, 10],
      [10, 12],
    ]);
    expect(listMarks(large)).toHaveLength(5);
  });

  test("say their shard and its state", () => {
    expect(listMarks(small).map((mark) => sayMark(mark, words))[3]).toBe("Shard 3: computing");
    expect(listMarks(large).map((mark) => sayMark(mark, words))[2]).toBe("Shards 10,000 to 14,999: 4,000 accepted, 999 computing, 1 waiting");
  });
});

test("a map in one sentence counts every state that occurs", () => {
  expect(sayMap(small, words)).toBe("5 shards: 3 accepted, 1 computing, 1 waiting");
  expect(sayMap(large, words)).toBe("25,000 shards, 5,000 to a mark: 14,000 accepted, 999 computing, 10,001 waiting");
});

test("every state is read out", () => expect([...STATES_AHEAD].sort()).toEqual([...SHARD_STATES].sort()));
