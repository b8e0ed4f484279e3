import { expect, test } from "vitest";
import { type EstimateInput, estimateJob, expectedExecutions } from "./estimate-job.ts";

const JOB: EstimateInput = { shardCount: 1000, executionsPerShard: 2, trialMs: [900, 1000, 1100], fleet: { devices: 20, cores: 80, otherJobs: 0 } };
const finishOf = (change: Partial<EstimateInput>) => {
  const { finishMs } = estimateJob({ ...JOB, ...change });
  if (!finishMs) throw new Error("no estimate");
  return finishMs;
};
const width = ({ low, high }: { low: number; high: number }) => high / low;

test("the work is shards × executions × the time of a shard, at the speed of a usual device", () => {
  const { coreMs } = estimateJob(JOB);
  expect(coreMs.median).toBeGreaterThan(0.8 * 2_000_000);
  expect(coreMs.median).toBeLessThan(2_000_000);
  expect([coreMs.low < coreMs.median, coreMs.median < coreMs.high]).toEqual([true, true]);
});

test("nobody there: no time can be told, the work can", () => {
  expect(estimateJob({ ...JOB, fleet: { devices: 0, cores: 0, otherJobs: 0 } })).toMatchObject({ finishMs: null, coreMs: { median: expect.any(Number) } });
});

test("more cores end a job sooner, other jobs later, and no number of cores makes it shorter than its last shards", () => {
  const few = finishOf({ fleet: { devices: 10, cores: 20, otherJobs: 0 } });
  expect(finishOf({}).median).toBeLessThan(few.median);
  expect(finishOf({ fleet: { ...JOB.fleet, otherJobs: 3 } }).median).toBeGreaterThan(finishOf({}).median);
  expect(finishOf({ fleet: { devices: 10_000, cores: 100_000, otherJobs: 0 } }).median).toBeGreaterThan(1000);
});

test("what is known better is told closer", () => {
  expect(width(finishOf({ trialMs: [1000] }))).toBeGreaterThan(width(finishOf({ trialMs: [1000, 1000, 1000, 1000, 1000] })));
  expect(width(finishOf({ trialMs: [100, 1000, 10_000] }))).toBeGreaterThan(width(finishOf({})));
  expect(width(finishOf({ fleet: { devices: 2, cores: 80, otherJobs: 0 } }))).toBeGreaterThan(width(finishOf({})));
});

test("disagreement is made up for by further executions, within bounds", () => {
  expect(expectedExecutions(2, 0)).toBe(2);
  expect(expectedExecutions(2, 0.2)).toBe(2.5);
  expect(expectedExecutions(1, 1)).toBeCloseTo(10);
});

test("no job is done before devices have asked for it", () => {
  expect(finishOf({ shardCount: 1, trialMs: [1] }).median).toBeGreaterThan(5000);
});

test("a trial too short to be timed gives numbers all the same", () => {
  expect(finishOf({ trialMs: [0, 0] }).median).toBeGreaterThanOrEqual(0);
  expect(Number.isFinite(finishOf({ trialMs: [0, 0] }).high)).toBe(true);
});
