import fc from "fast-check";
import { expect, test } from "vitest";
import { closeness } from "./closeness.ts";
import { COMPARE_LIMITS } from "./compare-rule.ts";
import { coversRule } from "./covers-rule.ts";
import { describeDifference } from "./describe-difference.ts";

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
  const blanks = { kind: "text", absolute: 0, relative: 0, ignoreTrailingSpace: true };
  expect(describeDifference(text("a \nb\n"), text("a\nb"))).toMatchObject({ kind: "whitespace", line: { no: 1 }, rule: blanks });
});

test("numbers in text that are close propose a tolerance, and blanks are ignored only where they differ too", () => {
  const [a, b] = ["x,0.30000000000000004\n", "x,0.3\n"];
  const rule = { kind: "text", absolute: 0, relative: 1e-15, ignoreTrailingSpace: false };
  expect(describeDifference(text(a), text(b))).toMatchObject({ kind: "numbers", line: { no: 1 }, rule });
  expect(describeDifference(text(a), text(`${b}\n`))).toMatchObject({ kind: "numbers", rule: { ...rule, ignoreTrailingSpace: true } });
  expect(describeDifference(text("3 hits\n"), text("4 hits\n"))).toMatchObject({ kind: "text", rule: null });
});

test("outputs too large to be compared other than by their bytes propose nothing, whatever they differ in", () => {
  const filler = "0 ".repeat(COMPARE_LIMITS.outputBytesMax / 2);
  expect(describeDifference(text(`${filler}0.1`), text(`${filler}0.10`))).toMatchObject({ kind: "large", line: { no: 1 }, rule: null });
  const numbers = new Uint8Array(COMPARE_LIMITS.outputBytesMax + 8);
  expect(describeDifference(numbers, new Uint8Array([...doubles(1e-300), ...numbers.subarray(8)]))).toMatchObject({ kind: "large", line: null, rule: null });
});

test("a rule in use covers what a tighter one of its kind forgives, and nothing else", () => {
  const rule = { kind: "text", absolute: 0, relative: 1e-9, ignoreTrailingSpace: false } as const;
  expect(coversRule(rule, rule)).toBe(true);
  expect(coversRule({ ...rule, relative: 1e-6, ignoreTrailingSpace: true }, rule)).toBe(true);
  expect(coversRule(rule, { ...rule, relative: 1e-6 })).toBe(false);
  expect(coversRule(rule, { ...rule, ignoreTrailingSpace: true })).toBe(false);
  const numeric = { kind: "numeric", elements: "f64", absolute: 0, relative: 1e-9, ulp: 0 } as const;
  expect([numeric, { ...numeric, ulp: 4 }].map((used) => coversRule(used, numeric))).toEqual([true, true]);
  expect([rule, { ...numeric, elements: "f32" } as const, { kind: "exact" } as const].map((used) => coversRule(used, numeric))).toEqual([false, false, false]);
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
      const other = list.map((value, i) => value * (1 + (noise[i] ?? 0)));
      for (const [a, b] of [
        [doubles(...list), doubles(...other)],
        [text(list.join("\n")), text(other.join(" \n"))],
      ] as const) {
        const found = describeDifference(a, b);
        if (found === null) expect(a).toEqual(b);
        if (found?.rule) expect(closeness(a, b, found.rule)).toBeLessThanOrEqual(1);
      }
    }),
  );
});
