import type { TextRule } from "./compare-rule.ts";

/** A decimal number that is a word of its own: not part of a name, a version or a date. */
const NUMBER = /(?<![\w.])[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/g;
const WHOLE = /^[+-]?\d+$/;

/**
 * How far two texts are apart, as a share of the tolerance. Everything but decimal numbers has to be equal, and so have two numbers that are both written as whole
 * ones: they count and name, and rounding never changes them. Infinite where the texts differ in more than that, or are no UTF-8.
 */
export function textDistance(a: Uint8Array, b: Uint8Array, rule: TextRule): number {
  const [left, right] = [read(a, rule), read(b, rule)];
  if (left === null || right === null) return Number.POSITIVE_INFINITY;
  if (left === right) return 0;
  // What stands between the numbers, and then the numbers.
  if (left.replace(NUMBER, "0") !== right.replace(NUMBER, "0")) return Number.POSITIVE_INFINITY;
  const others = right.match(NUMBER) ?? [];
  let largest = 0;
  for (const [i, number] of (left.match(NUMBER) ?? []).entries()) largest = Math.max(largest, numberDistance(number, others[i] ?? "", rule));
  return largest;
}

function read(bytes: Uint8Array, rule: TextRule): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!rule.ignoreTrailingSpace) return text;
    const lines = text.split("\n").map((line) => line.replace(/[ \t\r]+$/, ""));
    while (lines.at(-1) === "") lines.pop();
    return lines.join("\n");
  } catch {
    return null;
  }
}

function numberDistance(a: string, b: string, { absolute, relative }: TextRule): number {
  if (a === b) return 0;
  if (WHOLE.test(a) && WHOLE.test(b)) return Number.POSITIVE_INFINITY;
  const [x, y] = [Number(a), Number(b)];
  if (x === y) return 0;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return Number.POSITIVE_INFINITY;
  return Math.abs(x - y) / (absolute + relative * Math.max(Math.abs(x), Math.abs(y)));
}
