import { expect, test } from "vitest";
import { describeDifference } from "#lib/domain/compare/describe-difference.ts";
import { judgeTrial, type TrialOutcome, type TrialShard } from "./trial-outcome.ts";

const RAN = { stderr: "", durationMs: 1, memoryBytesPeak: 0 };
const wrote = (text: string): TrialOutcome => ({ status: "ok", output: new TextEncoder().encode(text), outputSha256: text, ...RAN });
const FAILED: TrialOutcome = { status: "exit_code", exitCode: 1, ...RAN };
const shard = (a: TrialOutcome, b: TrialOutcome = a): TrialShard => {
  const difference = a.status === "ok" && b.status === "ok" ? describeDifference(a.output, b.output) : null;
  return { no: 0, runs: [a, b], difference };
};

test("a trial that was stopped tells how far it came, unless a shard already differed", () => {
  const same = shard(wrote("1"));
  const differs = shard(wrote("1"), wrote("one"));
  const judge = (wanted: number, ...shards: TrialShard[]) => judgeTrial({ shards, wanted }, undefined);
  expect(judge(1, same)).toBe("alike");
  expect(judge(2, same, shard(FAILED))).toBe("alikeFailing");
  expect([judge(5, same), judge(5)]).toEqual(["stopped", "stopped"]);
  expect(judge(5, same, differs)).toBe("unlike");
});
