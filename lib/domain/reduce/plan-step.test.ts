import { describe, expect, test } from "vitest";
import { dropSteps, planStep, STEP_LIMITS, type TriedShard } from "./plan-step.ts";

const accepted = (no: number, outputBytes = 1): TriedShard => ({ no, verdict: "accepted", outputBytes });
const span = (from: number, to: number, outputBytes = 1) => Array.from({ length: to - from }, (_, i) => accepted(from + i, outputBytes));
const going = { fromNo: 0, shardCount: 160, isOver: false };

describe("a step of a reducer", () => {
  test("takes shards without a gap, in parts that are worth a run", () => {
    expect(planStep(going, span(0, 9))).toBeNull();
    expect(planStep(going, span(0, 10))).toEqual({ toNo: 10, accepted: 10 });
    expect(planStep(going, [...span(0, 12), ...span(13, 40)])).toEqual({ toNo: 12, accepted: 12 });
    expect(planStep(going, [...span(0, 12), { no: 12, verdict: "open", outputBytes: 0 }, accepted(13)])).toEqual({ toNo: 12, accepted: 12 });
    expect(planStep(going, span(1, 40))).toBeNull();
    expect(planStep({ ...going, fromNo: 155 }, span(155, 160))).toEqual({ toNo: 160, accepted: 5 });
    expect(planStep({ ...going, fromNo: 160 }, [])).toBeNull();
  });

  test("goes over shards that failed", () => {
    const failed = span(0, 10).map((shard): TriedShard => ({ ...shard, verdict: "failed" }));
    expect(planStep(going, [...failed, ...span(10, 12)])).toEqual({ toNo: 12, accepted: 2 });
  });

  test("ends where it is full: by shards or by bytes, and takes a larger output alone", () => {
    const large = { fromNo: 0, shardCount: 1_000_000, isOver: false };
    expect(planStep(large, span(0, STEP_LIMITS.shardsMax - 1))).toBeNull();
    expect(planStep(large, span(0, STEP_LIMITS.shardsMax))).toEqual({ toNo: 1024, accepted: 1024 });
    expect(planStep(large, span(0, 5, STEP_LIMITS.bytesMax / 2))).toEqual({ toNo: 2, accepted: 2 });
    expect(planStep(large, [accepted(0, 2 * STEP_LIMITS.bytesMax), accepted(1)])).toEqual({ toNo: 1, accepted: 1 });
  });

  test("passes over what nobody will compute any more, once a job is over", () => {
    const over = { fromNo: 3, shardCount: 1_000_000, isOver: true };
    expect(planStep(over, [accepted(70), { no: 71, verdict: "open", outputBytes: 0 }, accepted(900_000)])).toEqual({ toNo: 1_000_000, accepted: 2 });
    expect(planStep(over, [])).toEqual({ toNo: 1_000_000, accepted: 0 });
    expect(
      planStep(
        over,
        span(0, 1024).map(({ no }) => accepted(3 + 2 * no)),
      ),
    ).toEqual({ toNo: 2050, accepted: 1024 });
  });
});

test("results of many steps thin out towards the beginning, and the last one stays", () => {
  let kept: number[] = [];
  for (let toNo = 1; toNo <= 1000; toNo++) {
    kept.push(toNo);
    const dropped = dropSteps(kept);
    kept = kept.filter((no) => !dropped.includes(no));
    expect(kept.length).toBeLessThanOrEqual(STEP_LIMITS.keptMax);
    expect(kept.at(-1)).toBe(toNo);
  }
});
