import { expect, test } from "vitest";
import { layOutBars } from "./bar-layout.ts";

test("bars stand over their own time, and unknown time stays empty", () => {
  const { bars, top } = layOutBars(
    [
      { fromMs: 100, toMs: 110, value: 5 },
      { fromMs: 110, toMs: 130, value: null },
      { fromMs: 130, toMs: 140, value: 0 },
    ],
    80,
  );
  expect(top).toBe(5);
  expect(bars.map((bar) => [Math.floor(bar.x * 8), bar.y, bar.height])).toEqual([
    [4, 0, 1],
    [7, 1, 0],
  ]);
  expect(bars.every((bar) => bar.x >= 0 && bar.x + bar.width <= 1)).toBe(true);
});

test.each([
  [0, 1],
  [0.03, 0.05],
  [1, 1],
  [3, 5],
  [501, 1000],
  [1000, 1000],
])("the highest of %f fits under a round %f", (value, top) => expect(layOutBars([{ fromMs: 0, toMs: 1, value }], 1).top).toBeCloseTo(top, 9));

test("without spans there are no bars", () => expect(layOutBars([], 60)).toEqual({ bars: [], top: 1 }));
