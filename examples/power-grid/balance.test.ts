import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { branchMva, type Case, powerToGive, readCase, type Voltages } from "./grid-equations.ts";
import { runVoltages } from "./run-voltages.ts";

const SLACK = 69;
const rows = readFileSync(join(import.meta.dirname, "expected", "violations.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "power-grid-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The 118-bus grid without one branch (0: whole), as tables in a folder, and what the program finds for it. */
async function without(outage: number): Promise<{ grid: Case; voltages: Voltages }> {
  cpSync(join(import.meta.dirname, "input", "case118"), folder, { recursive: true });
  const lines = readFileSync(join(folder, "branch.csv"), "utf8").split("\n");
  lines[outage] = (lines[outage] ?? "").replace(/^((?:[^,]+,){10})1,/, "$10,");
  writeFileSync(join(folder, "branch.csv"), lines.join("\n"));
  return { grid: readCase(folder), voltages: await runVoltages(folder) };
}

/** The largest power in MVA that a bus lacks: all of it at loads, the active part at generators, within their limits the reactive part. */
function largestImbalance({ grid, voltages }: { grid: Case; voltages: Voltages }): number {
  const missing = [...powerToGive(grid, voltages)].map(([bus, { mw, mvar }]) => {
    if (bus === SLACK || voltages.get(bus)?.vm === 0) return 0;
    const made = grid.generators.filter((generator) => generator.bus === bus);
    const sum = (name: string) => made.reduce((total, generator) => total + (generator[name] ?? 0), 0);
    return Math.max(Math.abs(sum("Pg") - mw), mvar - sum("Qmax"), sum("Qmin") - mvar);
  });
  return Math.max(...missing);
}

describe.each([0, 8, 9, 96, 133, 185])("outage %i", (outage) => {
  test("every bus gets what it needs, by equations written apart from the program's", async () => {
    expect(largestImbalance(await without(outage))).toBeLessThan(0.02);
  });

  test("the overloads and voltages of the expected result are those of the solved voltages", async () => {
    const { grid, voltages } = await without(outage);
    const own = rows.map((row) => row.split(",")).filter(([no]) => Number(no) === outage);
    expect(own.length).toBeGreaterThan(0);
    for (const [, , , kind = "", from, to, value] of own) {
      if (kind.endsWith("voltage")) expect(voltages.get(Number(from))?.vm).toBeCloseTo(Number(value), 4);
      else if (kind === "load-lost") expect(lostMw(grid, voltages)).toBeCloseTo(Number(value), 4);
      else expect(flowsBetween(grid, voltages, Number(from), Number(to)).some((mva) => Math.abs(mva - Number(value)) < 1e-3)).toBe(true);
    }
  });
});

function flowsBetween({ branches }: Case, voltages: Voltages, from: number, to: number): number[] {
  return branches.filter((branch) => branch.fbus === from && branch.tbus === to && branch.status === 1).map((branch) => branchMva(branch, voltages));
}

function lostMw({ buses }: Case, voltages: Voltages): number {
  return buses.filter(({ bus_i = 0 }) => voltages.get(bus_i)?.vm === 0).reduce((sum, { Pd = 0 }) => sum + Pd, 0);
}
