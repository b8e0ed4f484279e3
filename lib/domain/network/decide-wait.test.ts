import { expect, test } from "vitest";
import { decideWait, isOffered } from "./decide-wait.ts";

const job = { heads: [4, 2], shardCount: 10, hasWanted: false, devices: 1 };

test("a job that is computed and has more does not wait", () => expect(decideWait(job)).toBeNull());
test("a job that nobody computes waits for a device", () => expect(decideWait({ ...job, devices: 0 })).toBe("no_device"));
test("a job whose every shard was run once waits for somebody else", () => {
  expect(decideWait({ ...job, heads: [10, 2], devices: 0 })).toBe("second_device");
  expect(decideWait({ ...job, heads: [10, 10], hasWanted: true, devices: 0 })).toBe("second_device");
});
test("a job of which everything is out offers nothing", () => {
  const out = { ...job, heads: [10, 10] };
  expect([decideWait(out), isOffered(out), isOffered({ ...out, hasWanted: true })]).toEqual(["all_granted", false, true]);
});
