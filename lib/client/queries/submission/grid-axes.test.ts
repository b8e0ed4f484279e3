import { expect, test } from "vitest";
import { readAxes, writeAxes } from "./grid-axes.ts";

test("lists and spaced numbers are read as they are written, and written as they are read", () => {
  const axes = [
    { name: "method", values: ["fast", "exact"] },
    { name: "code", values: ["007", 1.5, -2, "0.10"] },
    { name: "x", from: -1, to: 1.5, count: 11 },
  ];
  expect(readAxes("method=fast , exact;code = 007,1.5, -2, 0.10; x = -1 .. 1.5 / 11;")).toEqual(axes);
  expect(readAxes(writeAxes(axes))).toEqual(axes);
});

test("a part that names no axis is no axis", () => {
  expect(readAxes("x = 1; 2, 3")).toBeNull();
  expect(readAxes(" ")).toEqual([]);
});
