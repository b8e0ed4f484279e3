import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";
import { readRows, type Voltages } from "./grid-equations.ts";

const PROGRAM = readFileSync(join(import.meta.dirname, "power-grid.wasm"));

/** The voltages that the committed program finds for the grid of a folder, on the executor of a device. */
export async function runVoltages(folder: string): Promise<Voltages> {
  const job = jobFile.parse({
    version: 1,
    name: "Voltages",
    program: { runtime: "wasi", artifact: { path: "power-grid.wasm" }, args: ["voltages", "/data"] },
    files: ["bus.csv", "branch.csv", "gen.csv"].map((name) => ({ name, artifact: { path: name } })),
    slicing: { mode: "range", from: 0, to: 1 },
  });
  const rows = readRows(await runJobFile(job, { folder, program: PROGRAM }));
  return new Map(rows.map(({ bus = 0, vm = 0, va = 0 }) => [bus, { vm, va }]));
}
