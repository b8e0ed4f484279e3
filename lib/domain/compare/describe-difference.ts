import { COMPARE_LIMITS, type NumericRule, type TextRule } from "./compare-rule.ts";
import { outputDistance } from "./output-distance.ts";
import { textDistance } from "./text-distance.ts";

/**
 * How two outputs of one shard differ. `whitespace`: only blanks at the ends of lines. `nan`: only the bits of NaNs. `numbers`: numbers that are close,
 * within `rule`, in text or as bytes. `text` and `bytes`: in what no comparison forgives. `large`: in something, but outputs of this size are compared by their bytes alone.
 */
export type DifferenceKind = "whitespace" | "nan" | "numbers" | "text" | "bytes" | "large";

export type Difference = {
  kind: DifferenceKind;
  /** The first byte that differs, and how many bytes do; what one output has more than the other differs. */
  firstAt: number;
  differingBytes: number;
  /** The line of the first difference, from 1, and that line in both outputs; null where an output is no text. */
  line: { no: number; a: string; b: string } | null;
  /** The comparison under which both would agree; null where there is none. */
  rule: ProposedRule | null;
};

/** The comparisons that are proposed for outputs that differ. */
export type ProposedRule = NumericRule | TextRule;

/** Farther apart than this is not the rounding of one computation. */
const RELATIVE_MAX = 1e-3;
const LINE_CHARS_MAX = 200;

/** Where two outputs differ, in what, and which comparison would forgive it; null when they are equal. */
export function describeDifference(a: Uint8Array, b: Uint8Array): Difference | null {
  const { firstAt, differingBytes } = compareBytes(a, b);
  if (differingBytes === 0) return null;
  const texts = [readText(a), readText(b)] as const;
  const line = texts[0] !== null && texts[1] !== null ? lineOf(texts[0], texts[1]) : null;
  if (Math.max(a.length, b.length) > COMPARE_LIMITS.outputBytesMax) return { kind: "large", firstAt, differingBytes, line, rule: null };
  if (line !== null) {
    const rule = proposeTextRule(a, b);
    const kind = rule === null ? "text" : rule.relative === 0 && rule.ignoreTrailingSpace ? "whitespace" : "numbers";
    return { kind, firstAt, differingBytes, line, rule };
  }
  const rule = proposeRule(a, b);
  const kind = rule === null ? "bytes" : rule.relative === 0 && rule.absolute === 0 ? "nan" : "numbers";
  return { kind, firstAt, differingBytes, line, rule };
}

function compareBytes(a: Uint8Array, b: Uint8Array): { firstAt: number; differingBytes: number } {
  const shared = Math.min(a.length, b.length);
  let firstAt = shared;
  let differingBytes = Math.max(a.length, b.length) - shared;
  for (let at = shared - 1; at >= 0; at--) {
    if (a[at] === b[at]) continue;
    firstAt = at;
    differingBytes++;
  }
  return { firstAt, differingBytes };
}

/** The bytes as text; null for what is no UTF-8 or holds control characters, as numbers do. */
function readText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function lineOf(a: string, b: string): { no: number; a: string; b: string } {
  const [left, right] = [a.split("\n"), b.split("\n")];
  let at = 0;
  while (left[at] === right[at]) at++;
  return { no: at + 1, a: (left[at] ?? "").slice(0, LINE_CHARS_MAX), b: (right[at] ?? "").slice(0, LINE_CHARS_MAX) };
}

/** The tightest rule in powers of ten under which both agree as text; blanks are ignored only where they have to be. */
function proposeTextRule(a: Uint8Array, b: Uint8Array): TextRule | null {
  for (const ignoreTrailingSpace of [false, true]) {
    const widest: TextRule = { kind: "text", absolute: 0, relative: RELATIVE_MAX, ignoreTrailingSpace };
    const share = textDistance(a, b, widest);
    const rule = { ...widest, relative: toleranceOf(share * RELATIVE_MAX) };
    if (share <= 1 && textDistance(a, b, rule) <= 1) return rule;
  }
  return null;
}

/** A power of ten at least twice as large; 0 for 0. */
function toleranceOf(relative: number): number {
  return relative === 0 ? 0 : 10 ** Math.ceil(Math.log10(relative * 2));
}

/** The tightest rule in powers of ten under which both agree as arrays of numbers. */
function proposeRule(a: Uint8Array, b: Uint8Array): NumericRule | null {
  if (a.length !== b.length) return null;
  for (const elements of looksLikeSingles(a) && looksLikeSingles(b) ? (["f32", "f64"] as const) : (["f64", "f32"] as const)) {
    const relative = worstRelative(a, b, elements);
    if (relative === null) continue;
    const rule: NumericRule = { kind: "numeric", elements, absolute: 0, relative: toleranceOf(relative), ulp: 0 };
    if (outputDistance(a, b, rule) <= 1) return rule;
  }
  return null;
}

/** Whether the bytes are numbers of everyday size as f32: the low half of an f64 is almost never one. */
function looksLikeSingles(bytes: Uint8Array): boolean {
  if (bytes.length % 4 !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 4) {
    const size = Math.abs(view.getFloat32(at, true));
    if (size !== 0 && !Number.isNaN(size) && !(size > 1e-12 && size < 1e12)) return false;
  }
  return true;
}

/** The largest |a − b| ÷ max(|a|, |b|) of two arrays of numbers; null where they are no such arrays, or farther apart than rounding goes. */
function worstRelative(a: Uint8Array, b: Uint8Array, elements: "f32" | "f64"): number | null {
  const bytes = elements === "f64" ? 8 : 4;
  if (a.length % bytes !== 0) return null;
  const [left, right] = [a, b].map((each) => new DataView(each.buffer, each.byteOffset, each.byteLength)) as [DataView, DataView];
  const read = (view: DataView, at: number) => (elements === "f64" ? view.getFloat64(at, true) : view.getFloat32(at, true));
  let worst = 0;
  for (let at = 0; at < a.length; at += bytes) {
    const [x, y] = [read(left, at), read(right, at)];
    if (Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const relative = Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
    if (!(relative <= RELATIVE_MAX)) return null;
    worst = Math.max(worst, relative);
  }
  return worst;
}
