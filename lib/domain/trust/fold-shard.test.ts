import { expect, test } from "vitest";
import { ASSURANCE } from "./assurance.ts";
import { foldHeldShard, type JudgedResult, type TrustBook } from "./fold-shard.ts";

const book = (): TrustBook => ({ rules: ASSURANCE.standard, trusts: new Map(), taintedAtOf: () => null, boostOf: () => 1, needsShadows: false, now: 0 });
const result = (deviceId: string, over: Partial<JudgedResult> = {}): JudgedResult => {
  return { deviceId, clusterId: deviceId, isTrusted: false, agreed: "yes", isFresh: true, ...over };
};
const LOTS = { check: 0.9, checker: 0.9, adjudicate: 0 };

test("a disagreement is settled by a trusted device, and by nobody once one has confirmed the result: whoever differs is found out", () => {
  const dissent = result("b", { agreed: "no" });
  const open = foldHeldShard({ hold: null, results: [result("a"), dissent], lots: LOTS }, book());
  expect(open).toMatchObject({ hold: { check: "drawn" }, wants: [{ kind: "verify", lane: "trusted" }], found: [] });

  const settled = foldHeldShard({ hold: null, results: [result("a"), result("t", { isTrusted: true }), dissent], lots: LOTS }, book());
  expect(settled).toMatchObject({ hold: { check: "done", confirmedBy: "t" }, wants: [], found: [{ deviceId: "b", wasResult: false }] });
});

test("a trusted device's other answer finds out whoever gave the result, and at once everybody who gave the same", () => {
  const known = book();
  const folded = foldHeldShard({ hold: null, results: [result("a"), result("b"), result("t", { isTrusted: true, agreed: "no" })], lots: LOTS }, known);
  expect(folded?.found.map(({ deviceId }) => deviceId)).toEqual(["a", "b"]);
  expect([known.trusts.get("a")?.stage, known.trusts.get("b")?.stage]).toEqual(["burned", "burned"]);
});

test("what was folded before is not folded again, and results of one cluster confirm nothing", () => {
  const known = book();
  foldHeldShard({ hold: null, results: [result("a"), result("b", { clusterId: "a" })], lots: LOTS }, known);
  expect(known.trusts.get("a")).toMatchObject({ age: 1, agreed: 0 });
  const again = foldHeldShard(
    { hold: null, results: [result("a", { isFresh: false }), result("b", { isFresh: false })], lots: { ...LOTS, check: 0.99 } },
    known,
  );
  expect(again?.hold.witnesses).toBe(0);
});
