import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeGrant, TIMINGS_TRUSTED_MIN } from "./size-grant.ts";
import { BATCH_MS, batchMsOf, decideWant, HELD_SHARDS_MAX } from "./want.ts";

const known = (msPerShard: number) => ({ msPerShard, count: TIMINGS_TRUSTED_MIN });
const full = (cores: number) => ({ cores, duty: 1, batchMs: BATCH_MS.full });

describe("decideWant", () => {
  test("a device that knows nothing holds one shard per core and one more", () => {
    expect(decideWant({ ...full(4), held: [] })).toEqual({ shardsMax: 5, timeMs: BATCH_MS.full });
    expect(decideWant({ ...full(4), held: [{ queued: 0, running: 0, pace: null }] }).shardsMax).toBe(5);
    expect(decideWant({ ...full(4), held: [{ queued: 0, running: 4, pace: null }] }).shardsMax).toBe(1);
    expect(decideWant({ ...full(4), held: [{ queued: 1, running: 4, pace: null }] }).shardsMax).toBe(0);
  });

  test("after the first timing it holds two per core, if they are short", () => {
    const held = { queued: 1, running: 4 };
    expect(decideWant({ ...full(4), held: [{ ...held, pace: { msPerShard: 1000, count: 1 } }] }).shardsMax).toBe(3);
    expect(decideWant({ ...full(4), held: [{ ...held, pace: { msPerShard: 11_000, count: 1 } }] }).shardsMax).toBe(0);
  });

  test("half a batch in the queue is enough", () => {
    expect(decideWant({ ...full(2), held: [{ queued: 10, running: 2, pace: known(1000) }] }).shardsMax).toBe(0);
    expect(decideWant({ ...full(2), held: [{ queued: 9, running: 2, pace: known(1000) }] }).shardsMax).toBeGreaterThan(0);
  });

  test("a device that rests half the time asks for half of the work, in shorter batches; a phone for the shortest", () => {
    const held = [{ queued: 0, running: 2, pace: known(100) }];
    const resting = decideWant({ cores: 2, duty: 0.5, batchMs: batchMsOf({ isPhone: false, share: 0.5 }), held });
    expect(sizeGrant({ ...resting, cores: 2, pace: known(100) })).toBe((2 * 5000 * 0.5) / 100);
    expect(batchMsOf({ isPhone: false, share: 1 })).toBe(10_000);
    expect(batchMsOf({ isPhone: true, share: 1 })).toBeLessThanOrEqual(5000);
  });

  test("shards longer than a batch are asked for one ahead, so that no core waits", () => {
    const slow = known(60_000);
    expect(decideWant({ ...full(1), held: [{ queued: 0, running: 1, pace: slow }] }).shardsMax).toBeGreaterThan(0);
    expect(decideWant({ ...full(1), held: [{ queued: 1, running: 1, pace: slow }] }).shardsMax).toBe(0);
  });

  test("what the answer to a want can hold never exceeds the bound on held shards, and never more than two batches of time beyond what runs", () => {
    const heldJob = fc.record({
      queued: fc.nat(3000),
      running: fc.nat(64),
      pace: fc.record({ msPerShard: fc.double({ min: 0.01, max: 600_000, noNaN: true }), count: fc.constant(TIMINGS_TRUSTED_MIN) }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), heldJob, (cores, job) => {
        const want = decideWant({ ...full(cores), held: [job] });
        const granted = sizeGrant({ ...want, cores, pace: job.pace });
        expect(job.queued + job.running + granted).toBeLessThanOrEqual(Math.max(HELD_SHARDS_MAX, job.queued + job.running));
        if (granted > 1) expect(((job.queued + granted) * job.pace.msPerShard) / cores).toBeLessThanOrEqual(1.5 * BATCH_MS.full + 1);
      }),
    );
  });
});
