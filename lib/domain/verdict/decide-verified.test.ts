import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Vote } from "./decide-verdict.ts";
import { decideVerified } from "./decide-verified.ts";

const vote = (voterId: string, digest: string, outcome: Vote["outcome"] = "ok"): Vote => ({ voterId, digest, outcome });
const said = (accepted: string[] = [], rejected: string[] = []) => ({ accepted: new Set(accepted), rejected: new Set(rejected) });
const decide = (votes: Vote[], verified = said(), replicasMax = 3) => decideVerified({ votes, machineFailures: [] }, verified, { replicasMax });

describe("a shard whose outputs a verifier judges", () => {
  test("is accepted by one output that was accepted, whoever else says what", () => {
    expect(decide([vote("a", "1"), vote("b", "2"), vote("c", "2")], said(["1"], ["2"])).verdict).toEqual({
      kind: "accepted",
      outcome: "ok",
      digest: "1",
      voterId: "a",
    });
  });

  test("waits for the verifier without asking for another replica", () => {
    expect(decide([vote("a", "1")])).toEqual({ verdict: { kind: "open", extraReplicas: 0 }, toVerify: ["1"] });
  });

  test("asks for another replica for each rejected output, and fails when none is left", () => {
    expect(decide([vote("a", "1")], said([], ["1"]))).toEqual({ verdict: { kind: "open", extraReplicas: 1 }, toVerify: [] });
    expect(decide([vote("a", "1"), vote("b", "2"), vote("c", "1")], said([], ["1", "2"])).verdict).toEqual({ kind: "failed", reason: "shard_rejected" });
  });

  test("is not failed by the word of one device that its program trapped", () => {
    expect(decide([vote("a", "t", "trap")]).verdict).toEqual({ kind: "open", extraReplicas: 1 });
    expect(decide([vote("a", "t", "trap"), vote("b", "t", "trap")]).verdict).toMatchObject({ kind: "failed", reason: "shard_failed_alike" });
    expect(decide([vote("a", "t", "trap"), vote("b", "t", "trap"), vote("c", "1")], said(["1"])).verdict).toMatchObject({ kind: "accepted", digest: "1" });
  });

  test("is never accepted with an output that was not accepted, and never waits with nobody left to ask", () => {
    const votes = fc.uniqueArray(
      fc.record({ voterId: fc.uuid(), digest: fc.constantFrom("1", "2", "3"), outcome: fc.constantFrom("ok" as const, "trap" as const) }),
      {
        selector: (v) => v.voterId,
        maxLength: 6,
      },
    );
    const verdicts = fc.dictionary(fc.constantFrom("1", "2", "3"), fc.boolean());
    fc.assert(
      fc.property(votes, verdicts, (list, judged) => {
        const of = (isAccepted: boolean) => Object.keys(judged).filter((digest) => judged[digest] === isAccepted);
        const { verdict, toVerify } = decide(list, said(of(true), of(false)), 5);
        if (verdict.kind === "accepted") expect(judged[verdict.digest]).toBe(true);
        if (verdict.kind === "open" && list.length > 0) expect(verdict.extraReplicas + toVerify.length).toBeGreaterThan(0);
        if (verdict.kind !== "open") expect(toVerify).toEqual([]);
      }),
    );
  });
});
