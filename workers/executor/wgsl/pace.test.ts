import fc from "fast-check";
import { expect, test } from "vitest";
import { BATCH_PARTS_MAX, Pace, type PassSizes, type Position } from "./pace.ts";

const START: Position = { round: 0, pass: 0, first: 0 };

/** Runs everything on a GPU that takes `msOf(pass)` for each workgroup; what was dispatched, batch by batch. */
function runAll(pace: Pace, sizes: PassSizes, msOf: (pass: number) => number) {
  const batches: { parts: ReturnType<Pace["plan"]>["parts"]; tookMs: number }[] = [];
  for (let at = START; ; ) {
    const { parts, to } = pace.plan(sizes, at);
    if (parts.length === 0) return batches;
    const tookMs = parts.reduce((sum, { pass, count }) => sum + count * msOf(pass), 0);
    pace.learn(parts, tookMs);
    batches.push({ parts, tookMs });
    at = to;
  }
}

test("begins with one workgroup, grows at most fourfold, and settles below its target", () => {
  const batches = runAll(new Pace(1), { passes: [{ workgroups: 10_000, in: "every" }], rounds: 1 }, () => 0.5);
  expect(batches.slice(0, 4).map(({ parts }) => parts[0]?.count)).toEqual([1, 4, 16, 64]);
  expect(Math.max(...batches.map((batch) => batch.tookMs))).toBeLessThanOrEqual(40);
  expect(batches.length).toBeLessThan(140);
});

/** What has to run, in order. */
function passesOf({ passes, rounds }: PassSizes): string[] {
  const runs = (when: "every" | "first" | "last", round: number) => when === "every" || round === (when === "first" ? 0 : rounds - 1);
  return Array.from({ length: rounds }, (_, round) => passes.flatMap((pass, index) => (runs(pass.in, round) ? [`${index}: ${pass.workgroups}`] : []))).flat();
}

test("does every workgroup of every pass once, in order, in the rounds it is for, whatever it takes", () => {
  const anyPass = fc.record({ workgroups: fc.integer({ min: 1, max: 300 }), in: fc.constantFrom("every" as const, "first" as const, "last" as const) });
  fc.assert(
    fc.property(
      fc.array(anyPass, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 5, maxLength: 5 }),
      (passes, rounds, costs) => {
        const parts = runAll(new Pace(passes.length), { passes, rounds }, (pass) => costs[pass] ?? 0).flatMap((batch) => batch.parts);
        const expected = passesOf({ passes, rounds });
        const done: string[] = [];
        let next = 0;
        for (const { pass, first, count } of parts) {
          expect(first).toBe(next);
          expect(Number.isInteger(count) && count > 0).toBe(true);
          next = first + count;
          if (next !== passes[pass]?.workgroups) continue;
          done.push(`${pass}: ${next}`);
          next = 0;
        }
        expect(done).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

test("many short rounds share a batch, never more than it has frames for", () => {
  const batches = runAll(
    new Pace(2),
    {
      passes: [
        { workgroups: 2, in: "every" },
        { workgroups: 1, in: "every" },
      ],
      rounds: 5000,
    },
    () => 0,
  );
  expect(Math.max(...batches.map(({ parts }) => parts.length))).toBe(BATCH_PARTS_MAX);
  expect(batches.length).toBeLessThan(60);
});

test("believes at once that a GPU became slower, and begins small again after a loss", () => {
  const pace = new Pace(1);
  const sizes: PassSizes = { passes: [{ workgroups: 100_000, in: "every" }], rounds: 1 };
  runAll(pace, { passes: [{ workgroups: 2000, in: "every" }], rounds: 1 }, () => 0.1);
  const before = pace.plan(sizes, START).parts[0]?.count ?? 0;
  expect(before).toBeGreaterThan(300);
  pace.learn(pace.plan(sizes, START).parts, 400);
  expect(pace.plan(sizes, START).parts[0]?.count).toBeLessThanOrEqual(before / 9);
  pace.halve();
  expect(pace.plan(sizes, START).parts[0]?.count).toBeLessThanOrEqual(4);
});
