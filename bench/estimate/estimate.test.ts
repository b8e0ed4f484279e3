import { expect, test } from "vitest";
import { estimateJob } from "#lib/domain/estimate/estimate-job.ts";
import { simulateJob } from "./simulate-job.ts";

test("of a hundred simulated jobs at least seventy end inside the interval of 80 %, and it is no interval that holds everything", () => {
  const runs = Array.from({ length: 100 }, (_, i) => simulateJob(i + 1)).map(({ known, tookMs }) => ({ tookMs, finish: estimateJob(known).finishMs }));
  const inside = runs.filter(({ tookMs, finish }) => finish && tookMs >= finish.low && tookMs <= finish.high);
  expect(inside.length).toBeGreaterThanOrEqual(70);
  expect(runs.some(({ tookMs, finish }) => finish && tookMs < finish.low)).toBe(true);
  expect(runs.some(({ tookMs, finish }) => finish && tookMs > finish.high)).toBe(true);
});

test("the same seed is the same job", () => {
  expect(simulateJob(7)).toEqual(simulateJob(7));
});
