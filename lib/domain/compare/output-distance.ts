import type { NumericRule } from "./compare-rule.ts";

/**
 * How far two outputs are apart, as a share of what the rule tolerates: the largest over all numbers. At most 1 is close; infinite where they cannot be
 * compared. Symmetric, and 0 for equal numbers. Every NaN equals every other, infinities equal those of their sign, and 0 equals −0.
 */
export function outputDistance(a: Uint8Array, b: Uint8Array, rule: NumericRule): number {
  const bytes = rule.elements === "f32" ? 4 : 8;
  if (a.length !== b.length || a.length % bytes !== 0) return Number.POSITIVE_INFINITY;
  const left = new DataView(a.buffer, a.byteOffset, a.byteLength);
  const right = new DataView(b.buffer, b.byteOffset, b.byteLength);
  let largest = 0;
  for (let at = 0; at < a.length && largest < Number.POSITIVE_INFINITY; at += bytes) {
    largest = Math.max(largest, bytes === 4 ? singleDistance(left, right, { at, rule }) : doubleDistance(left, right, { at, rule }));
  }
  return largest;
}

type Place = { at: number; rule: NumericRule };

function singleDistance(left: DataView, right: DataView, { at, rule }: Place): number {
  const a = left.getFloat32(at, true);
  const b = right.getFloat32(at, true);
  const distance = toleranceShare(a, b, rule);
  if (distance <= 1 || rule.ulp === 0 || !Number.isFinite(a) || !Number.isFinite(b)) return distance;
  return Math.min(distance, Math.abs(ordered32(left.getInt32(at, true)) - ordered32(right.getInt32(at, true))) / rule.ulp);
}

function doubleDistance(left: DataView, right: DataView, { at, rule }: Place): number {
  const a = left.getFloat64(at, true);
  const b = right.getFloat64(at, true);
  const distance = toleranceShare(a, b, rule);
  if (distance <= 1 || rule.ulp === 0 || !Number.isFinite(a) || !Number.isFinite(b)) return distance;
  const apart = ordered64(left.getBigInt64(at, true)) - ordered64(right.getBigInt64(at, true));
  return Math.min(distance, Math.abs(Number(apart)) / rule.ulp);
}

function toleranceShare(a: number, b: number, { absolute, relative }: NumericRule): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  // Two huge numbers of different sign are further apart than a number can say.
  return Math.abs(a - b) / (absolute + relative * Math.max(Math.abs(a), Math.abs(b)));
}

/** The bits of a float as a number that rises with it; 0 and −0 are one. */
function ordered32(bits: number): number {
  return bits < 0 ? -(bits + 2 ** 31) : bits;
}

function ordered64(bits: bigint): bigint {
  return bits < 0n ? -(bits + 2n ** 63n) : bits;
}
