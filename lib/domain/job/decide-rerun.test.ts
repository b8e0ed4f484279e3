import { expect, test } from "vitest";
import { decideRerun, type RerunFacts } from "./decide-rerun.ts";
import { JOB_STATES } from "./job.ts";

const ended: RerunFacts = { state: "final", isClosed: true, shardCount: 10, accepted: 7, failed: 3, provisional: 0, isEmptied: false };

test("failed shards may be computed again once every shard has a final verdict and everybody is paid", () => {
  expect(decideRerun(ended)).toBeNull();
  expect(decideRerun({ ...ended, state: "failed", accepted: 0, failed: 10 })).toBeNull();
});

test("and in no other case", () => {
  for (const state of JOB_STATES.filter((s) => s !== "final" && s !== "failed" && s !== "cancelled"))
    expect(decideRerun({ ...ended, state })).toBe("not_ended");
  expect(decideRerun({ ...ended, state: "cancelled" })).toBe("cancelled");
  expect(decideRerun({ ...ended, accepted: 10, failed: 0 })).toBe("none_failed");
  expect(decideRerun({ ...ended, state: "failed", accepted: 0, failed: 3 })).toBe("stopped_early");
  expect(decideRerun({ ...ended, isClosed: false })).toBe("provisional");
  expect(decideRerun({ ...ended, provisional: 1 })).toBe("provisional");
  expect(decideRerun({ ...ended, isEmptied: true })).toBe("files_gone");
});
