import { expect, test } from "vitest";
import { decideAdmission, type PolicyRule, PROGRAM_REVIEWS } from "./decide-admission.ts";

const allowed: PolicyRule = { kind: "program", verdict: "allow", reason: "" };
const denied: PolicyRule = { kind: "account", verdict: "deny", reason: "It mined." };

test("a denial wins over an allowance, whatever is reviewed", () => {
  for (const review of PROGRAM_REVIEWS)
    for (const rules of [[denied], [allowed, denied]])
      for (const isPublic of [true, false])
        expect(decideAdmission(review, rules, { wasAdmitted: true, isPublic })).toEqual({ kind: "denied", what: "account", reason: "It mined." });
});

test("without review everything runs; else what nobody allowed waits, and with first-job only until one job of the account ran", () => {
  expect(PROGRAM_REVIEWS.map((review) => decideAdmission(review, [], { wasAdmitted: false, isPublic: true }).kind)).toEqual(["run", "wait", "wait"]);
  expect(PROGRAM_REVIEWS.map((review) => decideAdmission(review, [], { wasAdmitted: true, isPublic: true }).kind)).toEqual(["run", "run", "wait"]);
  expect(PROGRAM_REVIEWS.map((review) => decideAdmission(review, [allowed], { wasAdmitted: false, isPublic: true }).kind)).toEqual(["run", "run", "run"]);
});

test("a job for a pool does not wait, whatever is reviewed", () => {
  for (const review of PROGRAM_REVIEWS) expect(decideAdmission(review, [], { wasAdmitted: false, isPublic: false }).kind).toBe("run");
});
