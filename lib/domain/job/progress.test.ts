import { expect, test } from "vitest";
import { secondsLeft, shardsPerSecond } from "./progress.ts";

test("the rate of an old job is taken over the last minute, of a young one over its age, never over less than a second", () => {
  expect(shardsPerSecond({ decidedInWindow: 120, ageMs: 3_600_000 })).toBe(2);
  expect(shardsPerSecond({ decidedInWindow: 120, ageMs: 10_000 })).toBe(12);
  expect(shardsPerSecond({ decidedInWindow: 5, ageMs: 10 })).toBe(5);
});

test("the time left is what is missing at the present rate, nothing when all is decided, unknown when nothing moves", () => {
  expect(secondsLeft({ shardCount: 100, decided: 40, shardsPerSecond: 7 })).toBe(9);
  expect(secondsLeft({ shardCount: 100, decided: 100, shardsPerSecond: 0 })).toBe(0);
  expect(secondsLeft({ shardCount: 100, decided: 40, shardsPerSecond: 0 })).toBeNull();
});
