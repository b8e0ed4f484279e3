import { expect, test } from "vitest";
import { COOL, coolDown, type Heat, heatFactor, noteMean, SLOWED_FACTOR } from "./heat.ts";

/** One mean a second. */
function after(heat: Heat, means: { jobId?: string; msPerShard: number; seconds: number; fromS: number }): Heat {
  let next = heat;
  for (let s = 0; s < means.seconds; s++) {
    const nowMs = (means.fromS + s) * 1000;
    next = noteMean(coolDown(next, nowMs), { jobId: means.jobId ?? "a", msPerShard: means.msPerShard, count: 20, nowMs });
  }
  return next;
}

test("a mean far above the best for half a minute halves the share, and the rest ends by itself", () => {
  const best = after(COOL, { msPerShard: 100, seconds: 5, fromS: 0 });
  const soon = after(best, { msPerShard: 170, seconds: 29, fromS: 10 });
  expect(heatFactor(soon)).toBe(1);
  const slowed = after(soon, { msPerShard: 170, seconds: 5, fromS: 39 });
  expect(heatFactor(slowed)).toBe(SLOWED_FACTOR);
  expect(heatFactor(coolDown(slowed, 100_000))).toBe(SLOWED_FACTOR);
  expect(heatFactor(coolDown(slowed, 200_000))).toBe(1);
});

test("a slow moment between quick ones changes nothing", () => {
  let heat = after(COOL, { msPerShard: 100, seconds: 5, fromS: 0 });
  for (let round = 0; round < 10; round++) {
    heat = after(heat, { msPerShard: 300, seconds: 20, fromS: 10 + 40 * round });
    heat = after(heat, { msPerShard: 110, seconds: 20, fromS: 30 + 40 * round });
  }
  expect(heatFactor(heat)).toBe(1);
});

test("another job has shards of its own length", () => {
  const heat = after(after(COOL, { msPerShard: 100, seconds: 60, fromS: 0 }), { jobId: "b", msPerShard: 900, seconds: 300, fromS: 60 });
  expect(heatFactor(heat)).toBe(1);
});

test("shards that became longer for good slow the device once, not for ever", () => {
  const best = after(COOL, { msPerShard: 100, seconds: 5, fromS: 0 });
  const long = after(best, { msPerShard: 500, seconds: 600, fromS: 10 });
  expect(heatFactor(long)).toBe(1);
});

test("the best of a job is remembered while others are computed", () => {
  let heat = after(COOL, { msPerShard: 100, seconds: 5, fromS: 0 });
  for (let n = 0; n < 5; n++) heat = after(heat, { jobId: `other ${n}`, msPerShard: 40, seconds: 5, fromS: 5 + 5 * n });
  expect(heatFactor(after(heat, { msPerShard: 170, seconds: 35, fromS: 40 }))).toBe(SLOWED_FACTOR);
});

test("a few timings say nothing", () => {
  let heat = noteMean(COOL, { jobId: "a", msPerShard: 1, count: 3, nowMs: 0 });
  expect(heat).toBe(COOL);
  heat = after(heat, { msPerShard: 100, seconds: 100, fromS: 1 });
  expect(heatFactor(heat)).toBe(1);
});
