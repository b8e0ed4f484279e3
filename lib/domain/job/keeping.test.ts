import fc from "fast-check";
import { expect, test } from "vitest";
import { noticeAt, RESULTS_NOTICE_MS, resultsEndAt } from "./keeping.ts";

const moment = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => new Date(ms));
const duration = fc.integer({ min: 0, max: 36_500 }).map((days) => days * 86_400_000);

test("whoever looks at once tells so long before the end, and results are kept for the stated time", () => {
  fc.assert(
    fc.property(moment, duration, (closedAt, keptMs) => {
      const toldAt = noticeAt(closedAt, keptMs);
      const endAt = resultsEndAt(closedAt, keptMs, toldAt);
      expect(endAt.getTime() - closedAt.getTime()).toBe(Math.max(keptMs, RESULTS_NOTICE_MS));
      expect(toldAt.getTime()).toBeGreaterThanOrEqual(closedAt.getTime());
    }),
  );
});

test("however late it is told, or however short the time became meanwhile, nobody loses results without having been able to know", () => {
  fc.assert(
    fc.property(moment, duration, moment, (closedAt, keptMs, toldAt) => {
      expect(resultsEndAt(closedAt, keptMs, toldAt).getTime() - toldAt.getTime()).toBeGreaterThanOrEqual(RESULTS_NOTICE_MS);
    }),
  );
});
