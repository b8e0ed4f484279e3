import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeGrant, TIMINGS_TRUSTED_MIN } from "./size-grant.ts";
import { BATCH_MS, decideWant, HELD_SHARDS_MAX } from "./want.ts";

const known = (msPerShard: number) => ({ msPerShard, count: TIMINGS_TRUSTED_MIN });

describe("decideWant", () => {
  test("a device that knows nothing holds one shard per core and one more", () => {
    expect(decideWant({ cores: 4, held: [] })).toEqual({ shardsMax: 5, timeMs: BATCH_MS });
    expect(decideWant({ cores: 4, held: [{ queued: 0, running: 4, pace: null }] }).shardsMax).toBe(1);
    expect(decideWant({ cores: 4, held: [{ queued: 1, running: 4, pace: { msPerShard: 1, count: TIMINGS_TRUSTED_MIN - 1 } }] }).shardsMax).toBe(0);
  });

  test("half a batch in the queue is enough", () => {
    expect(decideWant({ cores: 2, held: [{ queued: 10, running: 2, pace: known(1000) }] }).shardsMax).toBe(0);
    expect(decideWant({ cores: 2, held: [{ queued: 9, running: 2, pace: known(1000) }] }).shardsMax).toBeGreaterThan(0);
  });

  test("shards longer than a batch are asked for one ahead, so that no core waits", () => {
    const slow = known(60_000);
    expect(decideWant({ cores: 1, held: [{ queued: 0, running: 1, pace: slow }] }).shardsMax).toBeGreaterThan(0);
    expect(decideWant({ cores: 1, held: [{ queued: 1, running: 1, pace: slow }] }).shardsMax).toBe(0);
  });

  test("what the answer to a want can hold never exceeds the bound on held shards, and never more than two batches of time beyond what runs", () => {
    const heldJob = fc.record({
      queued: fc.nat(3000),
      running: fc.nat(64),
      pace: fc.record({ msPerShard: fc.double({ min: 0.01, max: 600_000, noNaN: true }), count: fc.constant(TIMINGS_TRUSTED_MIN) }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), heldJob, (cores, job) => {
        const want = decideWant({ cores, held: [job] });
        const granted = sizeGrant({ ...want, cores, pace: job.pace });
        expect(job.queued + job.running + granted).toBeLessThanOrEqual(Math.max(HELD_SHARDS_MAX, job.queued + job.running));
        if (granted > 1) expect(((job.queued + granted) * job.pace.msPerShard) / cores).toBeLessThanOrEqual(1.5 * BATCH_MS + 1);
      }),
    );
  });
});
