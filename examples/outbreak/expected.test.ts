import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";

const folder = import.meta.dirname;
const job = jobFile.parse(JSON.parse(readFileSync(join(folder, "job.json"), "utf8")));
const program = readFileSync(join(folder, "outbreak.wasm"));
const expected = readFileSync(join(folder, "expected", "outbreaks.csv"), "utf8");
const rows = expected
  .trim()
  .split("\n")
  .slice(1)
  .map((row) => {
    const [r0 = 0, coverage = 0, days = 0, infected = 0, peak = 0] = row.split(",").map(Number);
    return { r0, coverage, days, infected, peak };
  });

/** The first infected, as the program has them. */
const FIRST = 1e-6;

/**
 * Who is infected in the end, among those who were susceptible, by the final-size equation (Kermack and McKendrick 1927): s∞ = s0 · exp(−R0 · (s0 + first − s∞)).
 * It says nothing of how the outbreak goes in time, so it checks the integration from outside.
 */
function finalSize(r0: number, coverage: number): number {
  const begin = 1 - coverage - FIRST;
  let [low, high] = [0, begin];
  for (let i = 0; i < 200; i++) {
    const left = (low + high) / 2;
    if (left < begin * Math.exp(-r0 * (begin + FIRST - left))) low = left;
    else high = left;
  }
  return begin - low;
}

test("every point of the grid on a device's executor, joined, gives the expected bytes", { timeout: 60_000 }, async () => {
  expect(await runJobFile(job, { folder, program })).toBe(expected);
});

test("how many are infected is what the final-size equation says, at every point, however long an illness is", () => {
  expect(rows).toHaveLength(220);
  const wrong = rows.filter(({ r0, coverage, infected }) => Math.abs(infected - finalSize(r0, coverage)) > 2e-6);
  expect(wrong).toEqual([]);
});

describe("the threshold of herd immunity, 1 − 1 / R0", () => {
  test("above it there is no outbreak: fewer are infected than a hundred times the first", () => {
    const immune = rows.filter(({ r0, coverage }) => coverage > 1 - 1 / r0 + 0.02);
    expect(immune.length).toBeGreaterThan(50);
    expect(immune.filter(({ infected }) => infected > 100 * FIRST)).toEqual([]);
  });

  test("a tenth below it there is one", () => {
    const open = rows.filter(({ r0, coverage }) => coverage < 1 - 1 / r0 - 0.1);
    expect(open.length).toBeGreaterThan(50);
    expect(open.filter(({ infected, peak }) => infected < 0.05 || peak < 0.001)).toEqual([]);
  });
});
