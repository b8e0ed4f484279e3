import { expect, test } from "vitest";
import { quotaDay, secondsToNextDay } from "./quotas.ts";

test("a day of quotas ends at midnight UTC, and somebody who waits as long as they are told is in the next", () => {
  for (const at of ["2026-03-14T00:00:00.000Z", "2026-03-14T09:30:00.500Z", "2026-03-14T23:59:59.999Z", "2028-02-29T23:59:59.000Z"]) {
    const now = new Date(at);
    const seconds = secondsToNextDay(now);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(quotaDay(new Date(now.getTime() + seconds * 1000))).not.toBe(quotaDay(now));
    expect(quotaDay(new Date(now.getTime() + (seconds - 1) * 1000 - 1))).toBe(quotaDay(now));
  }
  expect(quotaDay(new Date("2026-03-14T23:59:59.999Z"))).toBe("2026-03-14");
});
