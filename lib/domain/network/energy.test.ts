import { expect, test } from "vitest";
import { COUNT_AGE_MS_MAX } from "./counts.ts";
import { estimateEnergy, WATTS_PER_CORE } from "./energy.ts";

const START_MS = Date.UTC(2026, 0, 1);
const count = (minute: number, cores: number | null) => ({ at: new Date(START_MS + minute * 60_000), cores });
const estimate = (counts: ReturnType<typeof count>[]) => estimateEnergy(counts, COUNT_AGE_MS_MAX);

test("four cores that compute for an hour are four core-hours, at the watts of a core from least to most", () => {
  const energy = estimate(Array.from({ length: 61 }, (_, minute) => count(minute, 4)));
  expect(energy?.coreHours).toBeCloseTo(4, 9);
  expect(energy?.wattHours.from).toBeCloseTo(4 * WATTS_PER_CORE.from, 9);
  expect(energy?.wattHours.to).toBeCloseTo(4 * WATTS_PER_CORE.to, 9);
});

test("each span has the cores that its end counted, whatever its length", () => {
  expect(estimate([count(0, 100), count(1, 3), count(3, 6)])?.coreHours).toBeCloseTo((3 * 1 + 6 * 2) / 60, 9);
});

test("a pause in counting and a count without cores add nothing: what is not known is not invented", () => {
  const known = [count(0, 2), count(1, 2)];
  expect(estimate([...known, count(500, 2)])).toEqual(estimate(known));
  expect(estimate([...known, count(2, null)])).toEqual(estimate(known));
});

test("an instance on which nobody computed took nothing, one on which nobody counted is unknown", () => {
  expect(estimate([count(0, 0), count(1, 0)])).toEqual({ coreHours: 0, wattHours: { from: 0, to: 0 } });
  for (const counts of [[], [count(0, 5)], [count(0, null), count(1, null)], [count(0, 5), count(10, 5)]]) expect(estimate(counts)).toBeNull();
});
