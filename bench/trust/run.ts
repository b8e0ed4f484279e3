import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { printReport } from "#bench/report.ts";
import { ASSURANCE, type AssuranceRules } from "#lib/domain/trust/assurance.ts";
import type { Figures } from "./figures.ts";
import { lotteryRows } from "./lottery.ts";
import type { Measurement } from "./measure.ts";
import { planRows } from "./plan.ts";
import { type Measured, toRows } from "./table.ts";

/*
 * Wrong results that become final, executions for each accepted shard, what attackers earn and how long acceptance takes, by seeded simulation: Shoal's classes
 * as lib/domain/trust decides them, beside fixed quorums and BOINC's adaptive replication, on the same populations under the same seeds.
 */
const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    only: { type: "string" },
    seeds: { type: "string" },
    window: { type: "string" },
    workers: { type: "string" },
    rules: { type: "string" },
  },
});
const [seeds, windowResults, workersMax] = [countOf("seeds"), countOf("window"), countOf("workers")];
const length = values.short ? "short" : "full";
const startedAt = performance.now();
const only = values.only?.split(",");
const measured: Measured[] = planRows(length, { seeds, windowResults, rules: readRules() })
  .filter(({ policy, scenario }) => !only || only.includes(`${policy}/${scenario.name}`))
  .map((row) => ({ ...row, figures: [] }));
if (measured.length === 0) throw new Error("--only names no row; give policy/scenario, several with commas, such as standard/peace,high/quiet-20.");
const open: { measurement: Measurement; into: Measured }[] = measured.flatMap((row) => row.runs.map((measurement) => ({ measurement, into: row })));
const total = open.length;
let done = 0;
await Promise.all(Array.from({ length: workersMax ?? Math.min(availableParallelism(), 8) }, work));
const seconds = (performance.now() - startedAt) / 1000;
const shards = measured.flatMap((row) => row.figures).reduce((sum, figures) => sum + figures.accepted, 0);
const facts = { mode: length, wall: `${seconds.toFixed(1)} s`, "shards counted": shards.toLocaleString("en"), seeds: String(measured[0]?.runs.length ?? 0) };
// Lots beside blocks: a figure of the rule alone, the same on every population.
const lots = only ? [] : lotteryRows({ trials: length === "short" ? 20_000 : 1_000_000, seed: 101 });
printReport({ bench: "trust", rows: [...toRows(measured), ...lots], facts }, { json: values.json });

/** An option that is a number, or undefined without it. */
function countOf(name: "seeds" | "window" | "workers"): number | undefined {
  const given = values[name];
  if (given === undefined) return;
  if (!/^[1-9][0-9]{0,8}$/.test(given)) throw new Error(`--${name} takes a whole number of 1 or more.`);
  return Number(given);
}

/** Rates and shares to try, such as {"checkRateMin":0.06}. */
function readRules(): Partial<AssuranceRules> | undefined {
  if (values.rules === undefined) return;
  const rules: unknown = JSON.parse(values.rules);
  if (typeof rules !== "object" || rules === null) throw new Error("--rules takes an object.");
  const known = Object.entries(ASSURANCE.standard).flatMap(([name, value]) => (typeof value === "number" ? [name] : []));
  for (const [name, value] of Object.entries(rules))
    if (!known.includes(name) || typeof value !== "number") throw new Error(`--rules takes numbers for ${known.join(", ")}.`);
  return rules;
}

async function work(): Promise<void> {
  const worker = new Worker(new URL("./trust.worker.ts", import.meta.url));
  try {
    for (let next = open.shift(); next; next = open.shift()) {
      next.into.figures.push(await ask(worker, next.measurement));
      done += 1;
      if (done % 50 === 0) console.error(`${done} of ${total} runs`);
    }
  } finally {
    await worker.terminate();
  }
}

async function ask(worker: Worker, measurement: Measurement): Promise<Figures> {
  return await new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (figures: Figures) => {
      worker.off("error", reject);
      resolve(figures);
    });
    worker.postMessage(measurement);
  });
}
