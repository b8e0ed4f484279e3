import fc from "fast-check";
import { expect, test } from "vitest";
import { describeDifference } from "./describe-difference.ts";
import { outputDistance } from "./output-distance.ts";

const text = (value: string) => new TextEncoder().encode(value);
const doubles = (...numbers: number[]) => new Uint8Array(new Float64Array(numbers).buffer);
const singles = (...numbers: number[]) => new Uint8Array(new Float32Array(numbers).buffer);

test("equal outputs do not differ", () => {
  expect(describeDifference(text("a"), text("a"))).toBeNull();
  expect(describeDifference(new Uint8Array(), new Uint8Array())).toBeNull();
});

test("texts differ at a line; blanks at the ends of lines are told apart from words", () => {
  expect(describeDifference(text("a\nb 1\n"), text("a\nb 2\nc"))).toEqual({
    kind: "text",
    firstAt: 4,
    differingBytes: 2,
    line: { no: 2, a: "b 1", b: "b 2" },
    rule: null,
  });
  expect(describeDifference(text("a \nb\n"), text("a\nb"))).toMatchObject({ kind: "whitespace", line: { no: 1 } });
});

test("numbers that are close propose the tightest rule of a power of ten that forgives them", () => {
  const [a, b] = [doubles(1, 1000, -3), doubles(1, 1000.000_001, -3)];
  const found = describeDifference(a, b);
  expect(found).toMatchObject({ kind: "numbers", rule: { elements: "f64", relative: 1e-8, absolute: 0, ulp: 0 } });
  const [c, d] = [singles(0.1, 2), singles(0.100_000_1, 2)];
  expect(describeDifference(c, d)).toMatchObject({ kind: "numbers", rule: { elements: "f32" } });
});

test("NaNs of other bits are forgiven without a tolerance", () => {
  const payload = doubles(1, Number.NaN);
  payload[8] = 7;
  expect(describeDifference(doubles(1, Number.NaN), payload)).toMatchObject({ kind: "nan", rule: { absolute: 0, relative: 0 } });
});

test("what is no rounding is not forgiven", () => {
  expect(describeDifference(doubles(1, 2), doubles(1, 3))).toMatchObject({ kind: "bytes", rule: null });
  expect(describeDifference(doubles(1), doubles(1, 2))).toMatchObject({ kind: "bytes", rule: null });
  expect(describeDifference(new Uint8Array([0, 255]), new Uint8Array([1, 255]))).toMatchObject({ firstAt: 0, differingBytes: 1, rule: null });
});

test("a proposed rule always makes both agree, and a difference is always found", () => {
  const numbers = fc.array(fc.double({ noDefaultInfinity: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(numbers, fc.array(fc.double({ min: -2e-4, max: 2e-4, noNaN: true }), { minLength: 6, maxLength: 6 }), (list, noise) => {
      const [a, b] = [doubles(...list), doubles(...list.map((value, i) => value * (1 + (noise[i] ?? 0))))];
      const found = describeDifference(a, b);
      if (found === null) expect(a).toEqual(b);
      if (found?.rule) expect(outputDistance(a, b, found.rule)).toBeLessThanOrEqual(1);
    }),
  );
});
