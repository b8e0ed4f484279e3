import fc from "fast-check";
import { expect, test } from "vitest";
import { driftOf, layoutMarks } from "./layout-marks.ts";

const BOXES = [
  [320, 120],
  [700, 176],
  [1000, 176],
] as const;
const counts = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5000 }));
const box = fc.constantFrom(...BOXES).map(([width, height]) => ({ width, height }));

test("every mark lies wholly inside the box, also while its device pulls it forward", () => {
  fc.assert(
    fc.property(counts, box, fc.string(), (count, { width, height }, device) => {
      const { x, y, cellWidth, cellHeight } = layoutMarks({ count, width, height });
      const drift = driftOf(device);
      for (const [across, down] of [
        [0, 0],
        [drift.x, drift.y],
      ] as const) {
        expect(Math.min(...x) + (across - 0.5) * cellWidth).toBeGreaterThanOrEqual(-0.01);
        expect(Math.max(...x) + (across + 0.5) * cellWidth).toBeLessThanOrEqual(width + 0.01);
        expect(Math.min(...y) + (down - 0.5) * cellHeight).toBeGreaterThanOrEqual(-0.01);
        expect(Math.max(...y) + (down + 0.5) * cellHeight).toBeLessThanOrEqual(height + 0.01);
      }
    }),
  );
});

test("no two marks lie on one another", () => {
  for (const count of [1, 2, 51, 400, 5000]) {
    const { x, y, cellWidth, cellHeight } = layoutMarks({ count, width: 700, height: 176 });
    let closest = Number.POSITIVE_INFINITY;
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < Math.min(count, a + 120); b++) {
        closest = Math.min(closest, Math.hypot(((x[a] ?? 0) - (x[b] ?? 0)) / cellWidth, ((y[a] ?? 0) - (y[b] ?? 0)) / cellHeight));
      }
    }
    expect(closest).toBeGreaterThan(0.6);
  }
});

test("places depend on the number of marks and the box alone", () => {
  const shape = { count: 777, width: 640, height: 160 };
  expect(layoutMarks(shape)).toEqual(layoutMarks(shape));
});

test("numbers rise from the tail to the head", () => {
  const { x } = layoutMarks({ count: 1000, width: 700, height: 176 });
  const meanOf = (from: number, to: number) => x.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  for (let from = 0; from < 900; from += 100) expect(meanOf(from, from + 100)).toBeLessThan(meanOf(from + 100, Math.min(1000, from + 200)));
});

test("5,000 marks in a narrow box are still bodies of two pixels and more", () => {
  expect(layoutMarks({ count: 5000, width: 310, height: 144 }).cellHeight).toBeGreaterThan(1.9);
  expect(layoutMarks({ count: 5000, width: 700, height: 176 }).cellHeight).toBeGreaterThan(3);
});

test("one device has one drift, and it goes ahead", () => {
  expect(driftOf("dev_a")).toEqual(driftOf("dev_a"));
  expect(driftOf("dev_a")).not.toEqual(driftOf("dev_b"));
  expect(driftOf("dev_a").x).toBeGreaterThan(0);
});
