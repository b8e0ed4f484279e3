import { expect, test } from "vitest";
import { isMachineOutcome, isVotingOutcome, MACHINE_OUTCOMES, OUTCOMES, VOTING_OUTCOMES } from "./outcome.ts";

test("every outcome either votes or speaks about the machine, never both", () => {
  for (const outcome of OUTCOMES) expect(isVotingOutcome(outcome)).toBe(!isMachineOutcome(outcome));
  expect(OUTCOMES.filter(isVotingOutcome)).toEqual([...VOTING_OUTCOMES]);
  expect(OUTCOMES.filter(isMachineOutcome)).toEqual([...MACHINE_OUTCOMES]);
});

test("a timeout, exhausted memory and a crash never vote", () => {
  expect(OUTCOMES.filter((outcome) => !isVotingOutcome(outcome))).toEqual(["timeout", "out_of_memory", "crashed"]);
});
