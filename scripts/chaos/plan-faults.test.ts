import { expect, test } from "vitest";
import { createRandom } from "#bench/trust/random.ts";
import { FAULT_KINDS, planFaults } from "./plan-faults.ts";

test("a seed plans the same faults every time, and another seed plans others", () => {
  const plan = planFaults(60_000, createRandom(7));
  expect(planFaults(60_000, createRandom(7))).toEqual(plan);
  expect(planFaults(60_000, createRandom(8))).not.toEqual(plan);
});

test("every kind comes before one comes again, and all faults end with the run", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const plan = planFaults(60_000, createRandom(seed));
    expect(new Set(plan.slice(0, FAULT_KINDS.length).map(({ kind }) => kind)).size).toBe(FAULT_KINDS.length);
    expect(Math.max(...plan.map(({ atMs, lastsMs }) => atMs + lastsMs))).toBeLessThanOrEqual(60_000);
  }
});
