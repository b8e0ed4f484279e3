import fc from "fast-check";
import { expect, test } from "vitest";
import { type GridAxis, gridPoint, gridShardCount } from "./grid.ts";

const axis = (name: string): fc.Arbitrary<GridAxis> =>
  fc.oneof(
    fc.uniqueArray(fc.oneof(fc.string({ maxLength: 4 }), fc.integer()), { minLength: 1, maxLength: 5, selector: String }).map((values) => ({ name, values })),
    fc
      .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 10, max: 30 }), fc.integer({ min: 1, max: 6 }))
      .map(([from, to, count]) => ({ name, from, to, count })),
  );

test("the shards are every combination, each once, and the last axis changes fastest", () => {
  fc.assert(
    fc.property(axis("a"), axis("b"), axis("c"), (a, b, c) => {
      const axes = [a, b, c];
      const points = Array.from({ length: gridShardCount(axes) }, (_, no) => gridPoint(axes, no));
      const valuesOf = (only: GridAxis) => Array.from({ length: gridShardCount([only]) }, (_, no) => gridPoint([only], no)[only.name]);
      const expected = valuesOf(a).flatMap((x) => valuesOf(b).flatMap((y) => valuesOf(c).map((z) => ({ a: x, b: y, c: z }))));
      expect(points).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test("spaced numbers begin and end exactly where they should, rise evenly, and are written the shortest way", () => {
  const at = (spaced: Omit<GridAxis, "name">, no: number) => gridPoint([{ name: "x", ...spaced }], no).x;
  expect([0, 1, 2, 3, 10].map((no) => at({ from: 0, to: 1, count: 11 }, no))).toEqual(["0", "0.1", "0.2", "0.3", "1"]);
  expect([0, 1, 2].map((no) => at({ from: -1e300, to: 1e300, count: 3 }, no))).toEqual(["-1e+300", "0", "1e+300"]);
  expect(at({ from: 7, to: 9, count: 1 }, 0)).toBe("7");
  expect(at({ from: 3, to: -3, count: 4 }, 2)).toBe("-1");
});
