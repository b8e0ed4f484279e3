import { parseArgs } from "node:util";
import { type BenchRow, printReport } from "#bench/report.ts";
import { simulateTail } from "./simulate-tail.ts";

/* How much longer a job takes than it would with nothing lost, with and without copies in the tail: the project's decisions in a seeded simulation. */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false } } });
const size = values.short ? { seeds: 3, shards: 1000, devices: 50 } : { seeds: 20, shards: 10_000, devices: 500 };
const startedAt = performance.now();
const rows = [...rowsOf(true, ""), ...rowsOf(false, "/no-speculation")];
const facts = { mode: values.short ? "short" : "full", seeds: String(size.seeds), wall: `${((performance.now() - startedAt) / 1000).toFixed(1)} s` };
printReport({ bench: "dispatch", rows, facts }, { json: values.json });

function rowsOf(hasSpeculation: boolean, suffix: string): BenchRow[] {
  const runs = Array.from({ length: size.seeds }, (_, i) => simulateTail({ ...size, seed: 201 + i, hasSpeculation }));
  const row = (name: string, value: number, unit: string, target: number): BenchRow => ({
    name: name + suffix,
    value,
    unit,
    peer: null,
    ratio: null,
    target: hasSpeculation ? target : null,
  });
  const of = (pick: (run: (typeof runs)[number]) => number, share: number): number => quantile(runs.map(pick), share);
  const decisions = runs.flatMap((run) => run.decisionsMs);
  return [
    row(
      "makespan-ratio/p50",
      of((run) => run.makespanRatio, 0.5),
      "ideal = 1",
      1.08,
    ),
    row(
      "makespan-ratio/p95",
      of((run) => run.makespanRatio, 0.95),
      "ideal = 1",
      1.15,
    ),
    row(
      "waste-share",
      of((run) => run.wasteShare, 0.5),
      "of device time",
      0.07,
    ),
    row(
      "duplicate-share",
      of((run) => run.duplicateShare, 0.5),
      "of shards",
      0.04,
    ),
    ...(decisions.length > 0 ? [row("decision-p99-ms", quantile(decisions, 0.99), "ms", 1)] : []),
  ];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
