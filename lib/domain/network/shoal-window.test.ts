import { expect, test } from "vitest";
import { shoalWindow, WINDOW_SHARDS_MAX } from "./shoal-window.ts";

test("a small job is shown whole", () => {
  expect(shoalWindow({ heads: [12, 3], shardCount: 51 })).toEqual({ fromNo: 0, toNo: 51 });
});

test("of a large job the part around the last pass is shown, never more than the window and never past an end", () => {
  expect(shoalWindow({ heads: [0, 0], shardCount: 10_000 })).toEqual({ fromNo: 0, toNo: WINDOW_SHARDS_MAX });
  expect(shoalWindow({ heads: [5000, 4000], shardCount: 10_000 })).toEqual({ fromNo: 4000 - WINDOW_SHARDS_MAX / 2, toNo: 4000 + WINDOW_SHARDS_MAX / 2 });
  expect(shoalWindow({ heads: [10_000, 10_000], shardCount: 10_000 })).toEqual({ fromNo: 10_000 - WINDOW_SHARDS_MAX, toNo: 10_000 });
});
