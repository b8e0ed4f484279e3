import { describe, expect, test } from "vitest";
import { atSize } from "../run-size.ts";
import { explore, isViolation } from "./explore.ts";
import type { LifeConfig } from "./life.ts";
import { LIFE_RULES, type LifeRules, shardLife } from "./shard-life.ts";

const STATES_MAX = 1_000_000;
/** Losses multiply the states: an ordinary run leaves them to the first configuration. */
const LOSSES = atSize(0, 1);
const PAIR: LifeConfig = {
  shardCount: 1,
  quorum: 2,
  replicasMax: 4,
  devices: [["right"], ["right", "wrong"], ["right", "timeout"]],
  hasHold: false,
  mayCancel: true,
  lossesMax: LOSSES,
};
const TWO_SHARDS: LifeConfig = { ...PAIR, shardCount: 2, replicasMax: 3, devices: [["right"], ["right"]] };
const HELD: LifeConfig = { ...PAIR, quorum: 1, replicasMax: 4, devices: [["right", "wrong"], ["right"], ["right"]], hasHold: true };

function exploreLife(config: LifeConfig, planted: Partial<LifeRules> = {}) {
  return explore(shardLife(config, { ...LIFE_RULES, ...planted }), STATES_MAX);
}

describe("every interleaving of a small job", () => {
  test.each<[string, LifeConfig]>([
    ["two devices, a loss, a cancellation", { ...PAIR, devices: [["right"], ["right", "timeout"]], lossesMax: 1 }],
    ["three devices of which one may lie and one may fail, a cancellation", PAIR],
    ["two devices and two shards, a cancellation", TWO_SHARDS],
    ["one execution, checked by a trusted device, revoked or final, a cancellation", HELD],
    ...atSize<[string, LifeConfig][]>([], [["three devices and two shards", { ...TWO_SHARDS, devices: [["right"], ["right"], ["right"]], lossesMax: 0 }]]),
  ])("%s: decided once, paid once, never stuck, no money lost", { timeout: 600_000 }, (_, config) => {
    const explored = exploreLife(config);
    expect(explored).not.toHaveProperty("problem");
    expect(explored).toMatchObject({ isComplete: true });
  });
});

describe("a wrong rule is found, with the steps that lead to it", () => {
  test.each<[string, LifeConfig, Partial<LifeRules>, RegExp]>([
    [
      "a verdict with one vote too few",
      PAIR,
      { decideVerdict: (evidence, rules) => LIFE_RULES.decideVerdict(evidence, { ...rules, quorum: rules.quorum - 1 }) },
      /accepted with 1 votes/,
    ],
    [
      "no replica beyond the passes",
      PAIR,
      { decideVerdict: (evidence, rules) => withoutExtra(LIFE_RULES.decideVerdict(evidence, rules)) },
      /nothing will ever decide/,
    ],
    [
      "a pass that gives a device what it holds",
      PAIR,
      { planTake: (request) => LIFE_RULES.planTake({ ...request, conflicts: [] }) },
      /nothing will ever decide/,
    ],
    ["a tally that does not see what is reported at the same moment", PAIR, { commitsBeforeTally: false }, /nothing will ever decide/],
    ["a settlement that does not look whether there was one", PAIR, { settlesOnce: false }, /paid twice/],
    [
      "a window that does not wait for checks, and a final verdict that is taken back",
      HELD,
      { waitsForChecks: false, mayRevoke: () => true },
      /final verdict about 0 changed/,
    ],
  ])("%s", { timeout: 600_000 }, (_, config, planted, problem) => {
    const found = exploreLife(config, planted);
    if (!isViolation(found)) throw new Error(`Nothing was found in ${found.states} states.`);
    expect(found.problem).toMatch(problem);
    expect(found.trace.length).toBeGreaterThan(1);
  });
});

function withoutExtra(verdict: ReturnType<typeof LIFE_RULES.decideVerdict>): typeof verdict {
  return verdict.kind === "open" ? { ...verdict, extraReplicas: 0 } : verdict;
}
