import fc from "fast-check";
import { expect, test } from "vitest";
import { findMilestoneProblem, type Milestone, nextMilestone, releasedShards } from "./milestones.ts";

const m = (finalPercent: number, releasePercent: number): Milestone => ({ finalPercent, releasePercent });
const THREE = [m(0, 10), m(10, 50), m(50, 100)];

test("without milestones everything is released, with them what the passed ones say, in whole shards", () => {
  expect(releasedShards(undefined, { shardCount: 7, finalCount: 0 })).toBe(7);
  const at = (finalCount: number) => releasedShards(THREE, { shardCount: 105, finalCount });
  expect([0, 10, 11, 52, 53, 105].map(at)).toEqual([11, 11, 53, 53, 105, 105]);
  expect(releasedShards(THREE, { shardCount: 1, finalCount: 0 })).toBe(1);
});

test("the next milestone is the first that would release more", () => {
  expect([11, 53, 105].map((released) => nextMilestone(THREE, { shardCount: 105, released }))).toEqual([m(10, 50), m(50, 100), null]);
});

test("what could leave a job standing still is refused, with why", () => {
  expect(findMilestoneProblem(THREE)).toBeNull();
  expect(findMilestoneProblem([m(0, 100)])).toBeNull();
  expect(findMilestoneProblem([])).toContain("finalPercent 0");
  expect(findMilestoneProblem([m(1, 50), m(40, 100)])).toContain("begins the job");
  expect(findMilestoneProblem([m(0, 50), m(40, 90)])).toContain("release 100");
  expect(findMilestoneProblem([m(0, 50), m(40, 50), m(45, 100)])).toContain("rise");
  expect(findMilestoneProblem([m(0, 10), m(11, 100)])).toContain("11 per cent cannot become final while 10 are released");
});

test("every job with accepted milestones comes to its end if what is released becomes final, and never releases less than before", () => {
  const milestones = fc
    .array(fc.record({ finalPercent: fc.nat(100), releasePercent: fc.integer({ min: 1, max: 100 }) }), { minLength: 1, maxLength: 6 })
    .map((list) => [
      ...list
        .map((one, i) => (i === 0 ? { ...one, finalPercent: 0 } : one))
        .sort((a, b) => a.finalPercent - b.finalPercent || a.releasePercent - b.releasePercent),
    ])
    .map((list) => [...list.slice(0, -1), { ...(list.at(-1) as Milestone), releasePercent: 100 }]);
  let accepted = 0;
  fc.assert(
    fc.property(milestones, fc.integer({ min: 1, max: 10_000 }), (list, shardCount) => {
      if (findMilestoneProblem(list) !== null) return;
      accepted += 1;
      let finalCount = 0;
      for (let round = 0; round <= list.length && finalCount < shardCount; round += 1) {
        const released = releasedShards(list, { shardCount, finalCount });
        expect(released).toBeGreaterThanOrEqual(finalCount);
        expect(nextMilestone(list, { shardCount, released }) === null).toBe(released === shardCount);
        finalCount = released;
      }
      expect(finalCount).toBe(shardCount);
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(100);
});
