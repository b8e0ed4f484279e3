import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hardCapMs, SPREAD_MAX, TIMINGS_TRUSTED_MIN } from "./size-grant.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const grant = { shards: 10, cores: 2, timeMsMax: HOUR_MS };
const pace = (msPerShard: number, spread?: number) => ({ msPerShard, count: TIMINGS_TRUSTED_MIN, spread });

describe("the end of a grant whatever its device says", () => {
  test("is four times what the device's own slowest twentieth takes, with the cores that it has", () => {
    expect(hardCapMs({ ...grant, pace: pace(MINUTE_MS, 0) })).toBe(4 * 5 * MINUTE_MS);
    expect(hardCapMs({ ...grant, pace: pace(MINUTE_MS) })).toBe(4 * 5 * MINUTE_MS);
    expect(hardCapMs({ ...grant, pace: pace(MINUTE_MS, 0.5) })).toBe(Math.ceil(4 * 5 * MINUTE_MS * Math.exp(1.645 * 0.5)));
  });

  test("is by the job's limit where the pace is not known", () => {
    expect(hardCapMs({ ...grant, timeMsMax: 2 * MINUTE_MS, pace: null })).toBe(4 * 5 * 2 * MINUTE_MS);
    expect(hardCapMs({ ...grant, timeMsMax: 2 * MINUTE_MS, pace: { ...pace(1, 0.1), count: TIMINGS_TRUSTED_MIN - 1 } })).toBe(4 * 5 * 2 * MINUTE_MS);
  });

  test("stays between ten minutes and six hours and below the job's limit, whatever a device claims, and is later for who varies more", () => {
    const anyMs = fc.double({ min: 0, max: 86_400_000, noNaN: true });
    const anySpread = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(anyMs, anySpread, anySpread, fc.integer({ min: 1, max: 1024 }), (msPerShard, a, b, shards) => {
        const capOf = (spread: number) => hardCapMs({ ...grant, shards, pace: pace(msPerShard, spread) });
        const caps = [capOf(Math.min(a, b)), capOf(Math.max(a, b))] as const;
        expect(caps[0]).toBeLessThanOrEqual(caps[1]);
        expect(caps[0]).toBeGreaterThanOrEqual(10 * MINUTE_MS);
        expect(caps[1]).toBeLessThanOrEqual(Math.min(6 * HOUR_MS, Math.max(10 * MINUTE_MS, hardCapMs({ ...grant, shards, pace: null }))));
        expect(capOf(1e9)).toBe(capOf(SPREAD_MAX));
      }),
    );
  });
});
