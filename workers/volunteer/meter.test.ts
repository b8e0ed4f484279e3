import { expect, test } from "vitest";
import type { JobId } from "#lib/domain/ids.ts";
import { Meter } from "./meter.ts";

const jobId = (n: number): JobId => `job_${n.toString(16).padStart(32, "0")}`;

test("the pace is the mean of the first timings and follows a lasting change within twenty shards", () => {
  const meter = new Meter();
  for (const durationMs of [90, 100, 110]) meter.addTiming(jobId(1), durationMs);
  expect(meter.paceOf(jobId(1))).toEqual({ msPerShard: 100, count: 3 });
  for (let shard = 0; shard < 20; shard++) meter.addTiming(jobId(1), 200);
  expect(meter.paceOf(jobId(1))?.msPerShard).toBeGreaterThan(190);
});

test("how much timings vary is told from the fifth on, and falls where they are alike", () => {
  const meter = new Meter();
  for (let shard = 0; shard < 4; shard++) meter.addTiming(jobId(1), 0);
  expect(meter.measured()[0]).not.toHaveProperty("spread");
  for (let shard = 0; shard < 40; shard++) meter.addTiming(jobId(1), 0);
  expect(meter.paceOf(jobId(1))?.spread).toBeLessThan(0.05);
  for (let shard = 0; shard < 60; shard++) meter.addTiming(jobId(2), shard % 2 === 0 ? 100 : 300);
  const spread = meter.paceOf(jobId(2))?.spread ?? 0;
  expect(spread).toBeGreaterThan(0.3);
  expect(spread).toBeLessThan(1);
});

test("an exchange carries the sixteen jobs that were used last", () => {
  const meter = new Meter();
  for (let n = 1; n <= 20; n++) meter.addTiming(jobId(n), 10);
  meter.addTiming(jobId(1), 10);
  const named = meter.measured().map((m) => m.jobId);
  expect(named).toHaveLength(16);
  expect(named).toContain(jobId(1));
  expect(named).not.toContain(jobId(2));
});

test("the rate counts the last minute, and the time since the start where that is shorter", () => {
  const meter = new Meter();
  for (let shard = 0; shard < 10; shard++) meter.addFinished(1000 + shard * 1000);
  expect(meter.ratePerMinute(10_000, 0)).toBe(60);
  expect(meter.ratePerMinute(60_000, 0)).toBe(10);
  expect(meter.ratePerMinute(65_000, 0)).toBe(6);
});
