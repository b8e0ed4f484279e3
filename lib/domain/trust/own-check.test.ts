import { expect, test } from "vitest";
import { ASSURANCE } from "./assurance.ts";
import { UNKNOWN_DEVICE } from "./device-trust.ts";
import { foldHeldShard, type JudgedResult, type TrustBook } from "./fold-shard.ts";
import { DOUBTS_OPEN_MAX, mayDoubt, readOwnCheck } from "./own-check.ts";

const DOUBT = { isEqual: false, isProvisional: true, isChecked: false, openDoubts: 0 };

test("an owner's doubt is looked at while the result can be taken back, once, and never more of them than the job may have", () => {
  expect(mayDoubt(DOUBT)).toBe(true);
  const refused = [{ isEqual: true }, { isEqual: null }, { isProvisional: false }, { isChecked: true }, { openDoubts: DOUBTS_OPEN_MAX }];
  expect(refused.map((change) => mayDoubt({ ...DOUBT, ...change }))).toEqual(refused.map(() => false));
});

test("a machine that gave up says nothing, a program that ended otherwise contradicts an output", () => {
  const outcomes = ["ok", "no_output", "exit_code", "trap", "output_limit", "timeout", "out_of_memory", "crashed"] as const;
  expect(outcomes.map((outcome) => readOwnCheck({ outcome, isEqual: true }))).toEqual([true, false, false, false, null, null, null, null]);
  expect(readOwnCheck({ outcome: "ok", isEqual: false })).toBe(false);
});

const TRUST = { ...UNKNOWN_DEVICE, age: 40, agreed: 12 };
const HOLD = { deviceId: "a", clusterId: "a", stratum: 3, rate: 0.1, lot: 0.9, check: "none", confirmedBy: null, witnesses: 0 } as const;
const LOTS = { check: 0.9, checker: 0.9, adjudicate: 0 };
const first: JudgedResult = { deviceId: "a", clusterId: "a", isTrusted: false, agreed: "yes", isFresh: false };
const judge = (agreed: "yes" | "no"): JudgedResult => ({ deviceId: "t", clusterId: "t", isTrusted: true, agreed, isFresh: true });
const book = (): TrustBook => {
  const trusts = new Map([["a", { ...TRUST }]]);
  return { rules: ASSURANCE.standard, trusts, taintedAtOf: () => null, boostOf: () => 1, needsShadows: false, now: 0 };
};
const fold = (known: TrustBook, agreed: "yes" | "no", check: "none" | "drawn" = "none") =>
  foldHeldShard({ hold: { ...HOLD, check }, results: [first, judge(agreed)], lots: LOTS, isAsked: true }, known);

test("what an owner had looked at settles the shard and moves nobody's trust, whether it was wrong or right", () => {
  for (const agreed of ["yes", "no"] as const) {
    const known = book();
    const folded = fold(known, agreed);
    expect(folded?.hold.check).toBe("done");
    expect(folded?.found.map(({ deviceId, isAsked }) => [deviceId, isAsked])).toEqual(agreed === "no" ? [["a", true]] : []);
    expect(folded?.newcomers).toEqual([]);
    expect(known.trusts.get("a")).toEqual(TRUST);
  }
});

test("a result that the lottery drew as well is judged by what the lottery found: an owner's doubt shields nobody", () => {
  const known = book();
  expect(fold(known, "no", "drawn")?.found).toMatchObject([{ deviceId: "a", isAsked: false }]);
  expect(known.trusts.get("a")).toMatchObject({ stage: "watched", strikes: 1 });
});
