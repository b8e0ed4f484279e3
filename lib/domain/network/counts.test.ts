import { expect, test } from "vitest";
import { acceptedWithin, COUNT_AGE_MS_MAX, latestCount, ratesBetween } from "./counts.ts";

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const count = (minute: number, accepted: number) => ({ at: new Date(START_MS + minute * 60_000), accepted });
const everyMinute = (from: number, to: number, perMinute: number) => Array.from({ length: to - from + 1 }, (_, i) => count(from + i, 100 + i * perMinute));

test("a window counts what came in it and nothing from before", () => {
  expect(acceptedWithin(everyMinute(0, 90, 7), HOUR_MS)).toBe(60 * 7);
});

test("a window that begins before the first count is known only if nothing had been verified by then", () => {
  expect(acceptedWithin(everyMinute(0, 20, 7), HOUR_MS)).toBeNull();
  expect(acceptedWithin([count(0, 0), count(1, 4), count(2, 9)], HOUR_MS)).toBe(9);
  expect(acceptedWithin([], HOUR_MS)).toBeNull();
});

test("a pause inside a window changes nothing, one at its beginning makes it unknown", () => {
  const paused = everyMinute(0, 90, 7);
  const without = (from: number, to: number) => paused.filter((_, minute) => minute < from || minute > to);
  expect(acceptedWithin(without(50, 70), HOUR_MS)).toBe(60 * 7);
  expect(acceptedWithin(without(20, 40), HOUR_MS)).toBeNull();
});

test("a rate is per minute, whatever the distance of the counts", () => {
  const counts = [count(0, 0), count(1, 30), count(3, 50)];
  expect(ratesBetween(counts, COUNT_AGE_MS_MAX).map((rate) => rate.shardsPerMinute)).toEqual([30, 10]);
});

test("a rate over a pause is unknown, never zero", () => {
  const [, pause] = ratesBetween([count(0, 0), count(1, 30), count(100, 30)], COUNT_AGE_MS_MAX);
  expect(pause).toEqual({ from: count(1, 30), to: count(100, 30), shardsPerMinute: null });
});

test("an old count does not speak for now", () => {
  const counts = [count(0, 1), count(1, 2)];
  expect(latestCount(counts, count(4, 0).at)).toBe(counts[1]);
  expect(latestCount(counts, count(5, 0).at)).toBeNull();
  expect(latestCount([], count(0, 0).at)).toBeNull();
});
