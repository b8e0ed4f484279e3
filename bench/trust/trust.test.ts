import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { BenchReport } from "#bench/report.ts";
import { upperBound95 } from "./figures.ts";
import { measure } from "./measure.ts";
import { GRID, PEACE } from "./scenarios.ts";

const size = { windowResults: 20_000, warmWindows: 1, windows: 1 };

test("the short mode runs every row and prints the figures by name", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [new URL("./run.ts", import.meta.url).pathname, "--short", "--json"]);
  const report = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as BenchReport;
  const names = report.rows.map((row) => row.name);
  for (const name of ["standard/peace/overhead", "standard/peace/final-error", "standard/worst-5pct/final-error", "standard/worst-5pct/overhead"])
    expect(names).toContain(name);
  expect(names).toContain("boinc-adaptive/informed-sleepers/final-error");
  expect(report.rows.every((row) => Number.isFinite(row.value))).toBe(true);
}, 120_000);

test("the same seed gives the same figures, another one others", () => {
  const [scenario] = PEACE;
  if (!scenario) throw new Error("There is no scenario.");
  const one = measure({ policy: "standard", scenario, seed: 5, size });
  expect(measure({ policy: "standard", scenario, seed: 5, size })).toEqual(one);
  expect(measure({ policy: "standard", scenario, seed: 6, size }).executions).not.toBe(one.executions);
});

test("checks and revocation are what keeps constant errors out: a vote of two lets many through, the standard class hardly any", () => {
  const scenario = GRID.find(({ name }) => name === "constant-errors");
  if (!scenario) throw new Error("There is no scenario.");
  const checked = measure({ policy: "standard", scenario, seed: 7, size });
  const voted = measure({ policy: "quorum-2-of-2", scenario, seed: 7, size });
  expect(voted.wrong / voted.accepted).toBeGreaterThan(1e-3);
  expect(checked.wrong / checked.accepted).toBeLessThan(5e-4);
  expect(checked.falseBurns).toBe(0);
});

test("the upper bound is the textbook's", () => {
  expect(upperBound95(0, 1)).toBeCloseTo(2.996, 2);
  expect(upperBound95(10, 1)).toBeCloseTo(16.96, 1);
});
