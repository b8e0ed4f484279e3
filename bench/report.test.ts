import { expect, test } from "vitest";
import { formatTable, medianOf } from "./report.ts";

test("a table aligns names left and numbers right, and shows what is unknown as a dash", () => {
  const rows = [
    { name: "efficiency/1s", value: 0.99123, unit: "ratio", peer: null, ratio: null, target: 0.98 },
    { name: "rate", value: 12345.6, unit: "per s", peer: 6172.8, ratio: 2, target: null },
  ];
  expect(formatTable(rows).split("\n")).toEqual([
    "name            value  unit    peer  ratio  target",
    "efficiency/1s  0.9912  ratio      –      –    0.98",
    "rate           12,346  per s  6,173      2       –",
  ]);
});

test("a median is the middle, or the mean of the two in the middle", () => {
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([4, 1, 2, 3])).toBe(2.5);
  expect(() => medianOf([])).toThrow("at least one");
});
