import { expect, test } from "vitest";
import { editMoney, parseMoney } from "./edit-money.ts";

test("an amount in a field is exact to the micro-unit in both directions", () => {
  for (const micro of ["0", "1", "1000", "1500000", "999999999999999999"]) expect(String(parseMoney(editMoney(micro)))).toBe(micro);
});

test("a decimal comma is read where it cannot be one of thousands", () => {
  expect(["0,001", "1,5", "12,25", "1.000"].map(parseMoney)).toEqual([1000n, 1_500_000n, 12_250_000n, 1_000_000n]);
  expect(["1,000", "12,500"].map(parseMoney)).toEqual([null, null]);
});

test("an amount with a sign, a letter, two separators or a seventh decimal is not money", () => {
  expect(["", "-1", "1e3", "1.0000001", "1.000,5", "."].map(parseMoney)).toEqual([null, null, null, null, null, null]);
});
