import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VotingOutcome } from "../replica/outcome.ts";
import { decideVerdict, type Evidence, MACHINE_FAILURES_MAX, type Vote } from "./decide-verdict.ts";

const rules = { quorum: 2, replicasMax: 5 };
const vote = (voterId: string, digest: string, outcome: VotingOutcome = "ok"): Vote => ({ voterId, outcome, digest });
const evidence = (votes: Vote[], failures = 0): Evidence => ({
  votes,
  machineFailures: Array.from({ length: failures }, (_, i) => ({ voterId: `machine ${i}`, outcome: "timeout" })),
});

describe("decideVerdict", () => {
  test("two equal votes decide and name the first voter by id", () => {
    expect(decideVerdict(evidence([vote("b", "x"), vote("a", "x")]), rules)).toEqual({ kind: "accepted", outcome: "ok", digest: "x", voterId: "a" });
  });

  test("one vote of two decides nothing and asks for no more than the passes bring", () => {
    expect(decideVerdict(evidence([vote("a", "x")]), rules)).toEqual({ kind: "open", extraReplicas: 0 });
  });

  test("equal digests of different outcomes do not agree", () => {
    expect(decideVerdict(evidence([vote("a", "x"), vote("b", "x", "trap")]), rules)).toEqual({ kind: "open", extraReplicas: 1 });
  });

  test("a third opinion settles a disagreement", () => {
    expect(decideVerdict(evidence([vote("a", "x"), vote("b", "y"), vote("c", "y")]), rules)).toMatchObject({ kind: "accepted", digest: "y" });
  });

  test("agreed failures of the program are verdicts", () => {
    expect(decideVerdict(evidence([vote("a", "7", "exit_code"), vote("b", "7", "exit_code")]), rules)).toMatchObject({
      kind: "failed",
      reason: "shard_failed_alike",
      outcome: "exit_code",
    });
  });

  test("votes that never agree end at replicasMax", () => {
    expect(decideVerdict(evidence(["p", "q", "r", "s", "t"].map((d, i) => vote(String(i), d))), rules)).toEqual({
      kind: "failed",
      reason: "shard_no_agreement",
    });
  });

  test("machine failures ask for replacements, then end the shard", () => {
    expect(decideVerdict(evidence([vote("a", "x")], 2), rules)).toEqual({ kind: "open", extraReplicas: 2 });
    expect(decideVerdict(evidence([vote("a", "x")], MACHINE_FAILURES_MAX), rules)).toEqual({
      kind: "failed",
      reason: "shard_machine_failures",
      outcome: "timeout",
    });
  });

  test("a shard that no device got through fails once its passes have ended so", () => {
    expect(decideVerdict(evidence([], 1), rules)).toEqual({ kind: "open", extraReplicas: 1 });
    expect(decideVerdict(evidence([], 2), rules)).toEqual({ kind: "failed", reason: "shard_machine_failures", outcome: "timeout" });
    expect(decideVerdict(evidence([], 1), { quorum: 1, replicasMax: 3 })).toEqual({ kind: "open", extraReplicas: 1 });
    expect(decideVerdict(evidence([], 2), { quorum: 3, replicasMax: 5 })).toEqual({ kind: "open", extraReplicas: 2 });
  });

  test("the order of evidence never changes the verdict", () => {
    const votes = fc.uniqueArray(
      fc.record({ voterId: fc.stringMatching(/^[0-9a-f]{8}$/), outcome: fc.constantFrom<VotingOutcome>("ok", "trap"), digest: fc.constantFrom("x", "y", "z") }),
      { selector: (v) => v.voterId, maxLength: 7 },
    );
    fc.assert(
      fc.property(votes, fc.integer({ min: 1, max: 3 }), fc.nat(), (list, quorum, rotate) => {
        const turned = list.map((_, i) => list[(i + rotate) % list.length] as Vote);
        expect(decideVerdict(evidence(turned), { quorum, replicasMax: 6 })).toEqual(decideVerdict(evidence(list), { quorum, replicasMax: 6 }));
      }),
    );
  });

  test("it always comes to an end: every open shard gains from one more replica until it is decided", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.constantFrom("x", "y", "z", "slow")), fc.integer({ min: 1, max: 5 }), (stream, quorum) => {
        const limits = { quorum, replicasMax: quorum + 3 };
        const votes: Vote[] = [];
        let failures = 0;
        for (let replica = 0; replica < limits.replicasMax + MACHINE_FAILURES_MAX; replica++) {
          const next = stream.next().value as string;
          if (next === "slow") failures++;
          else votes.push(vote(`v${replica}`, next));
          const verdict = decideVerdict(evidence(votes, failures), limits);
          if (verdict.kind !== "open") return;
          // Either the passes still owe replicas, or the verdict asks for one more than were run.
          expect(quorum + verdict.extraReplicas).toBeGreaterThan(replica + 1);
        }
        throw new Error("no verdict");
      }),
    );
  });
});
