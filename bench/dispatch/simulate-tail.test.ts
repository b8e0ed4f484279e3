import { expect, test } from "vitest";
import { simulateTail } from "./simulate-tail.ts";

test("copies in the tail end a job sooner, within their cap, and the same seed gives the same run", () => {
  const settings = { seed: 3, shards: 500, devices: 50 };
  const withCopies = simulateTail({ ...settings, hasSpeculation: true });
  const without = simulateTail({ ...settings, hasSpeculation: false });
  expect(withCopies.makespanRatio).toBeLessThan(without.makespanRatio);
  expect(withCopies.duplicateShare).toBeLessThanOrEqual(0.05);
  expect(without.duplicateShare).toBe(0);
  expect(simulateTail({ ...settings, hasSpeculation: true }).makespanRatio).toBe(withCopies.makespanRatio);
});
