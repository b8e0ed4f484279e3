import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";

const folder = import.meta.dirname;
const job = jobFile.parse(JSON.parse(readFileSync(join(folder, "job.json"), "utf8")));
const program = readFileSync(join(folder, "percolation.wasm"));
const expected = readFileSync(join(folder, "expected", "thresholds.csv"), "utf8");
const trials = expected
  .trim()
  .split("\n")
  .slice(1)
  .map((row) => row.split(",").map(Number));

/** The site percolation threshold of the square lattice (Jacobsen, J. Phys. A 48:454003, 2015). */
const THRESHOLD = 0.59274605;

test("every run of job.json on a device's executor, joined, gives the expected bytes", { timeout: 60_000 }, async () => {
  expect(await runJobFile(job, { folder, program })).toBe(expected);
});

describe("at the threshold, the share of lattices with a way around is what conformal invariance says (Pinson 1994), within four standard errors", () => {
  test.each([
    ["sideways", 0.521058, ([, , sideways = 1]: number[]) => sideways <= THRESHOLD],
    ["upright", 0.521058, ([, , , upright = 1]: number[]) => upright <= THRESHOLD],
    ["in either direction", 0.690474, ([, , sideways = 1, upright = 1]: number[]) => Math.min(sideways, upright) <= THRESHOLD],
    ["in both", 0.351643, ([, , sideways = 1, upright = 1]: number[]) => Math.max(sideways, upright) <= THRESHOLD],
  ])("%s: %f", (_, share, isAround) => {
    const found = trials.filter(isAround).length / trials.length;
    expect(trials).toHaveLength(512);
    expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / trials.length));
  });
});

test("the mean of what it took lies at the threshold, within four standard errors and what a lattice of 200 shifts it", () => {
  const values = trials.map(([, , sideways = 0]) => sideways);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  expect(Math.abs(mean - THRESHOLD)).toBeLessThan(4 * Math.sqrt(variance / values.length) + 5e-4);
});
