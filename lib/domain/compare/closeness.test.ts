import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideVerdict } from "../verdict/decide-verdict.ts";
import { canonicalJson } from "./canonical-json.ts";
import { closeness } from "./closeness.ts";
import type { ClosenessRule, TextRule } from "./compare-rule.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const FAR = Number.POSITIVE_INFINITY;

describe("canonical JSON", () => {
  test("is what RFC 8785 writes for its own examples", () => {
    // Section 3.2.2 and 3.2.3 of the RFC.
    const literals =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    expect(canonicalJson(bytes(literals))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const names =
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}';
    expect([...(canonicalJson(bytes(names)) ?? "").matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  test("the order of members and blanks do not count, values do", () => {
    const json = { kind: "json" } as const;
    expect(closeness(bytes('{"a":1.0,"b":[1,2]}'), bytes(' { "b": [1, 2],\n"a": 1 }'), json)).toBe(0);
    expect(closeness(bytes('{"a":[1,2]}'), bytes('{"a":[2,1]}'), json)).toBe(FAR);
    expect(closeness(bytes("NaN"), bytes("NaN "), json)).toBe(FAR);
    expect(closeness(bytes("[".repeat(1e6)), bytes("[".repeat(1e6)), json)).toBe(FAR);
    expect(closeness(bytes(`${"[".repeat(2000)}${"]".repeat(2000)}`), bytes("[]"), json)).toBe(FAR);
  });

  test("any document equals itself however it is indented", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(bytes(JSON.stringify(value, null, 2)))).toBe(canonicalJson(bytes(JSON.stringify(value))));
      }),
    );
  });
});

describe("text", () => {
  const rule = (given: Partial<TextRule> = {}): TextRule => ({ kind: "text", absolute: 0, relative: 0, ignoreTrailingSpace: false, ...given });
  test.each([
    ["equal words and close numbers", "energy -1.50e3 J\n", "energy -1500.1 J\n", rule({ absolute: 0.2 }), 0.5],
    ["a tolerance of shares", "1.0", "1.1", rule({ relative: 0.1 }), 0.909],
    ["a number written as a whole one and not", "1", "0.999", rule({ absolute: 0.01 }), 0.1],
    ["two whole numbers", "count 1000001", "count 1000002", rule({ absolute: 10 }), FAR],
    ["numbers inside names and versions", "file1.5a v1.2.3", "file1.6a v1.2.3", rule({ absolute: 10 }), FAR],
    ["another word", "a 1.0", "b 1.0", rule({ absolute: 10 }), FAR],
    ["one number more", "1.0", "1.0 2.0", rule({ absolute: 10 }), FAR],
    ["nothing tolerated", "1.0", "1.1", rule(), FAR],
    ["blanks at the ends of lines", "a \t\nb\r\n\n", "a\nb", rule({ ignoreTrailingSpace: true }), 0],
    ["blanks at the ends of lines that count", "a \n", "a\n", rule(), FAR],
    ["blanks inside lines", "a  b", "a b", rule({ ignoreTrailingSpace: true }), FAR],
  ])("%s", (_, a, b, by, distance) => {
    expect(closeness(bytes(a), bytes(b), by)).toBeCloseTo(distance, 3);
    expect(closeness(bytes(b), bytes(a), by)).toBeCloseTo(distance, 3);
  });
});

test("pictures are as far apart as their mean or their largest difference, whichever weighs more", () => {
  const rule = { kind: "image", mean: 2, largest: 40 } as const;
  expect(closeness(Uint8Array.of(0, 0, 0, 0), Uint8Array.of(4, 0, 0, 0), rule)).toBe(0.5);
  expect(closeness(Uint8Array.of(0, 0), Uint8Array.of(2, 2), rule)).toBe(1);
  expect(
    closeness(
      new Uint8Array(1000),
      Uint8Array.from({ length: 1000 }, (_, i) => (i === 7 ? 80 : 0)),
      rule,
    ),
  ).toBe(2);
  expect(closeness(new Uint8Array(3), new Uint8Array(4), rule)).toBe(FAR);
  expect(closeness(Uint8Array.of(1), Uint8Array.of(1), { kind: "image", mean: 0, largest: 0 })).toBe(0);
  expect(closeness(Uint8Array.of(1), Uint8Array.of(2), { kind: "image", mean: 0, largest: 0 })).toBe(FAR);
});

test("every rule is symmetric, never NaN, and 0 for an output and itself where it can be compared at all", () => {
  const output = fc.oneof(fc.string({ maxLength: 12 }).map(bytes), fc.uint8Array({ maxLength: 9 }), fc.stringMatching(/^[0-9.e ]{0,10}$/).map(bytes));
  const rules: ClosenessRule[] = [
    { kind: "json" },
    { kind: "text", absolute: 0.5, relative: 0, ignoreTrailingSpace: true },
    { kind: "text", absolute: 0, relative: 0, ignoreTrailingSpace: false },
    { kind: "image", mean: 0, largest: 3 },
  ];
  fc.assert(
    fc.property(output, output, fc.constantFrom(...rules), (a, b, rule) => {
      const distance = closeness(a, b, rule);
      expect(Object.is(distance, closeness(b, a, rule))).toBe(true);
      expect(Number.isNaN(distance)).toBe(false);
      expect([0, FAR]).toContain(closeness(a, a, rule));
    }),
  );
});

describe("a chain of shifted outputs, each close to the next", () => {
  const places: Record<string, number> = { honest: 0, shifted: 1, far: 2 };
  const distance = (a: string, b: string) => Math.abs((places[a] ?? 0) - (places[b] ?? 0));
  const vote = (digest: string) => ({ voterId: digest, outcome: "ok" as const, digest });
  const verdict = (quorum: number, digests: string[]) =>
    decideVerdict({ votes: digests.map((digest, i) => ({ ...vote(digest), voterId: String(i) })), machineFailures: [] }, { quorum, replicasMax: 5, distance });

  test("is never one group: a quorum of three stays open", () => {
    expect(verdict(3, ["honest", "shifted", "far"])).toEqual({ kind: "open", extraReplicas: 1 });
  });

  test("does not outvote two that are equal", () => {
    expect(verdict(3, ["far", "shifted", "honest", "honest"])).toMatchObject({ kind: "accepted", digest: "honest" });
  });
});
