import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicaliseNan } from "./canonical-nan.ts";
import { type Candidate, chooseMedoid } from "./choose-medoid.ts";
import type { NumericRule } from "./compare-rule.ts";
import { outputDistance } from "./output-distance.ts";

const singles = (...numbers: number[]) => new Uint8Array(new Float32Array(numbers).buffer);
const doubles = (...numbers: number[]) => new Uint8Array(new Float64Array(numbers).buffer);
const bits = (...words: number[]) => new Uint8Array(new Uint32Array(words).buffer);
const rule = (change: Partial<NumericRule> = {}): NumericRule => ({ kind: "numeric", elements: "f32", absolute: 0, relative: 0, ulp: 0, ...change });
const isClose = (a: Uint8Array, b: Uint8Array, by: NumericRule) => outputDistance(a, b, by) <= 1;

describe("the distance of two outputs", () => {
  test("an absolute tolerance holds for every number, and one beyond it decides", () => {
    expect(isClose(singles(1, 2), singles(1.25, 2), rule({ absolute: 0.25 }))).toBe(true);
    expect(isClose(singles(1, 2), singles(1.25, 2.5), rule({ absolute: 0.25 }))).toBe(false);
  });

  test("a relative tolerance grows with the larger of the two", () => {
    expect(isClose(doubles(1e6), doubles(1e6 + 1), rule({ elements: "f64", relative: 1e-6 }))).toBe(true);
    expect(isClose(doubles(1), doubles(1.00001), rule({ elements: "f64", relative: 1e-6 }))).toBe(false);
  });

  test("neighbours are one unit in the last place apart, across zero and across powers of two", () => {
    expect(outputDistance(bits(0x3f800000), bits(0x3f7fffff), rule({ ulp: 1 }))).toBe(1);
    expect(outputDistance(bits(0x00000001), bits(0x80000001), rule({ ulp: 1 }))).toBe(2);
    expect(outputDistance(bits(0), bits(0x80000000), rule({ ulp: 1 }))).toBe(0);
    const next = new Uint8Array(new BigInt64Array([0x3ff0000000000001n]).buffer);
    expect(outputDistance(doubles(1), next, rule({ elements: "f64", ulp: 1 }))).toBe(1);
  });

  test("NaN is near NaN of any form and nothing else; infinities are near those of their sign", () => {
    const wide = rule({ absolute: 1e30, ulp: 1_000_000 });
    expect(outputDistance(bits(0x7fc00000), bits(0xffc00001), wide)).toBe(0);
    expect(outputDistance(bits(0x7fc00000), singles(1), wide)).toBe(Number.POSITIVE_INFINITY);
    expect(outputDistance(singles(Infinity), singles(Infinity), wide)).toBe(0);
    expect(outputDistance(singles(Infinity), singles(-Infinity), wide)).toBe(Number.POSITIVE_INFINITY);
    expect(outputDistance(singles(Infinity), singles(3.4e38), wide)).toBe(Number.POSITIVE_INFINITY);
  });

  test("outputs of other lengths, and such as are no whole numbers, are never close", () => {
    expect(isClose(singles(1), singles(1, 1), rule({ absolute: 9 }))).toBe(false);
    expect(isClose(new Uint8Array(3), new Uint8Array(3), rule({ absolute: 9 }))).toBe(false);
  });

  test("without any tolerance only equal numbers are close", () => {
    fc.assert(
      fc.property(fc.float(), fc.float(), (a, b) => {
        expect(isClose(singles(a), singles(b), rule())).toBe(a === b || (Number.isNaN(a) && Number.isNaN(b)));
      }),
    );
  });

  test("it is symmetric, zero to itself, and never NaN, whatever the bits", () => {
    const output = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const anyRule = fc.record({
      kind: fc.constant("numeric" as const),
      elements: fc.constantFrom("f32" as const, "f64" as const),
      absolute: fc.constantFrom(0, 1e-9, 1, 1e300),
      relative: fc.constantFrom(0, 1e-6, 0.5),
      ulp: fc.constantFrom(0, 1, 1000),
    });
    fc.assert(
      fc.property(output, output, anyRule, (a, b, by) => {
        const distance = outputDistance(a, b, by);
        expect(distance).toBe(outputDistance(b, a, by));
        expect(Number.isNaN(distance)).toBe(false);
        expect(outputDistance(a, a, by)).toBe(0);
      }),
    );
  });

  test("a view into a larger buffer is read where it lies", () => {
    const around = new Uint8Array(12);
    around.set(singles(2), 3);
    expect(outputDistance(around.subarray(3, 7), singles(2), rule())).toBe(0);
  });
});

describe("the medoid", () => {
  const at = (places: Record<string, number>) => (a: string, b: string) => Math.abs((places[a] ?? 0) - (places[b] ?? 0));
  const once = (...digests: string[]): Candidate[] => digests.map((digest) => ({ digest, votes: 1 }));

  test("of a chain only those agree that are all close to each other", () => {
    const distance = at({ a: 0, b: 0.9, c: 1.7 });
    expect(chooseMedoid(once("a", "b", "c"), distance)).toEqual({ digest: "b", agreeing: ["b", "c"], votes: 2 });
    expect(chooseMedoid(once("a", "c"), distance)?.votes).toBe(1);
  });

  test("more voters win over nearer ones, then the nearer, then the smaller digest", () => {
    expect(chooseMedoid([{ digest: "x", votes: 3 }, ...once("y", "z")], at({ x: 0, y: 10, z: 10 }))?.digest).toBe("x");
    expect(chooseMedoid(once("a", "b", "c", "d"), at({ a: 0, b: 0.5, c: 9, d: 9.1 }))?.digest).toBe("c");
    expect(chooseMedoid(once("b", "a"), at({ a: 0, b: 0.5 }))?.digest).toBe("a");
    expect(chooseMedoid([], () => 0)).toBeNull();
  });

  test("everybody it counts is close to everybody else, no such group has more, and the order of votes does not matter", () => {
    const voters = fc.uniqueArray(
      fc.record({ digest: fc.string({ minLength: 1, maxLength: 4 }), at: fc.double({ min: 0, max: 5, noNaN: true }), votes: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 9,
        selector: (voter) => voter.digest,
      },
    );
    fc.assert(
      fc.property(voters, (list) => {
        const distance = at(Object.fromEntries(list.map((voter) => [voter.digest, voter.at])));
        const chosen = chooseMedoid(list, distance);
        // On a line, those that are close to each other lie between one of them and 1 beyond it.
        const votesFrom = (start: number) => list.filter((voter) => voter.at >= start && voter.at - start <= 1).reduce((sum, voter) => sum + voter.votes, 0);
        expect(chosen?.agreeing.every((a) => chosen.agreeing.every((b) => distance(a, b) <= 1))).toBe(true);
        expect(chosen?.votes).toBe(Math.max(...list.map((voter) => votesFrom(voter.at))));
        expect(chooseMedoid([...list].reverse(), distance)?.digest).toBe(chosen?.digest);
      }),
    );
  });
});

test("every NaN becomes the same NaN and every other number keeps its bits", () => {
  const output = bits(0x7f800001, 0xffffffff, 0x7fc00000, 0x7f800000, 0xff800000, 0x80000000, 0x3f800000);
  canonicaliseNan(output);
  expect(output).toEqual(bits(0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0xff800000, 0x80000000, 0x3f800000));
});
