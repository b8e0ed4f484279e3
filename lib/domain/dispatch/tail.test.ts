import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldTiming, grantMsFor, priorRuntime, runtimeMs } from "./estimate-runtime.ts";
import { advancePass, beginningPass, chooseByStride } from "./fair-share.ts";
import { foldQuota, NEW_QUOTA, type QuotaEvent } from "./quota.ts";
import { chooseSpeculation, copiesMax, type Outstanding, remainingMs } from "./speculate.ts";

describe("estimates of runtime", () => {
  test("come to what is measured, per weight, and higher quantiles are longer", () => {
    let runtime = priorRuntime(1000, 2);
    expect(runtimeMs(runtime, 1, 0)).toBeCloseTo(500);
    for (let i = 0; i < 50; i++) runtime = foldTiming(runtime, { ms: 6000, weight: 2 });
    expect(runtimeMs(runtime, 1, 0)).toBeCloseTo(3000);
    expect(runtimeMs(runtime, 4, 0)).toBeCloseTo(12_000);
    expect(runtimeMs(priorRuntime(1000, 1), 1, 1.645)).toBeGreaterThan(runtimeMs(priorRuntime(1000, 1), 1, 0));
  });

  test("grants grow with the square root of the session's age between 5 and 60 s", () => {
    expect(grantMsFor(0)).toBe(5000);
    expect(grantMsFor(600_000)).toBeCloseTo(30_984, 0);
    expect(grantMsFor(86_400_000)).toBe(60_000);
  });
});

describe("tail copies", () => {
  const device = { clusterId: "me", sessionMs: 60_000, expectedMs: 10_000 };
  const shard: Outstanding = { clusterIds: ["a"], extraCopies: 0, elapsedMs: 0, expectedMs: 60_000 };

  test("go to the shard that gains most, never for a small gain, to a young session, a fifth time, to the same cluster or beyond the cap", () => {
    expect(chooseSpeculation(device, [shard, { ...shard, expectedMs: 90_000 }], 1)).toBe(1);
    expect(chooseSpeculation(device, [{ ...shard, expectedMs: 10_999 }], 1)).toBeNull();
    expect(chooseSpeculation({ ...device, sessionMs: 19_999 }, [shard], 1)).toBeNull();
    expect(chooseSpeculation(device, [{ ...shard, extraCopies: 4 }], 1)).toBeNull();
    expect(chooseSpeculation(device, [{ ...shard, clusterIds: ["a", "me"] }], 1)).toBeNull();
    expect(chooseSpeculation(device, [shard], 0)).toBeNull();
    expect([copiesMax(1), copiesMax(10_000)]).toEqual([1, 500]);
  });

  test("a holder that is overdue is expected to need half as long again", () => {
    expect(remainingMs({ ...shard, elapsedMs: 20_000 })).toBe(40_000);
    expect(remainingMs({ ...shard, elapsedMs: 80_000 })).toBe(40_000);
    expect(remainingMs({ ...shard, expectedMs: 10, elapsedMs: 20 })).toBe(5000);
  });
});

describe("fair share", () => {
  test("jobs get shares like their weights, and one that joins later owes nothing and is owed nothing", () => {
    const jobs = [1, 2, 5].map((weight) => ({ pass: 0, weight, preferred: 0, got: 0 }));
    const serve = (rounds: number): void => {
      for (let i = 0; i < rounds; i++) {
        const job = jobs[chooseByStride(jobs) ?? 0];
        if (!job) return;
        job.pass = advancePass(job, 1);
        job.got += 1;
      }
    };
    serve(8000);
    expect(jobs.map((job) => Math.round(job.got / 100))).toEqual([10, 20, 50]);
    jobs.push({ pass: beginningPass(jobs), weight: 2, preferred: 0, got: 0 });
    serve(1000);
    expect(Math.abs((jobs[3]?.got ?? 0) - 200)).toBeLessThanOrEqual(2);
    expect(chooseByStride([])).toBeNull();
    expect(beginningPass([])).toBe(0);
  });
});

describe("quotas", () => {
  test("stay between one and the bound whatever happens, and only a wrong result takes all", () => {
    const anyEvent = fc.constantFrom<QuotaEvent>("clean_period", "finished", "abandoned", "machine_error", "wrong");
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 100 }), (events) => {
        let quota = NEW_QUOTA;
        for (const event of events) {
          quota = foldQuota(quota, event, 1000);
          expect(quota.shards).toBeGreaterThanOrEqual(1);
          expect(quota.shards).toBeLessThanOrEqual(1000);
        }
      }),
    );
    expect(foldQuota({ shards: 640, abandonsInRow: 0 }, "wrong", 1000).shards).toBe(1);
  });

  test("three abandons in a row halve it, one finished in between forgives them", () => {
    const fold = (...events: QuotaEvent[]): number => events.reduce((quota, event) => foldQuota(quota, event, 1000), NEW_QUOTA).shards;
    expect(fold("abandoned", "abandoned", "abandoned")).toBe(10);
    expect(fold("abandoned", "abandoned", "finished", "abandoned")).toBe(20);
    expect(fold("clean_period")).toBe(40);
    expect(fold("machine_error")).toBe(10);
  });
});
