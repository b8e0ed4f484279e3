import { execFileSync } from "node:child_process";
import os from "node:os";

/** One measured number; `peer` is what it is compared with, `ratio` value ÷ peer, `target` what we hold ourselves to. */
export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  peer: number | null;
  ratio: number | null;
  target: number | null;
}

export interface BenchReport {
  bench: string;
  rows: BenchRow[];
  /** Further facts of the machine, such as the version of a browser or a database. */
  facts?: Record<string, string>;
}

/** What must be known of a machine to read a number measured on it. */
function machineFacts(): Record<string, string> {
  const [cpu] = os.cpus();
  return {
    cpu: cpu?.model.trim() ?? "unknown",
    cores: String(os.availableParallelism()),
    memory: `${(os.totalmem() / 2 ** 30).toFixed(1)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    load: os.loadavg()[0]?.toFixed(2) ?? "unknown",
    commit: findCommit(),
  };
}

function findCommit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}

/** Prints the report as a table; with `json` the last line is the same as one JSON object. Whether a target is met is for the reader to say. */
export function printReport(report: BenchReport, options: { json: boolean }): void {
  const machine = { ...machineFacts(), ...report.facts };
  console.log(`\n${report.bench}`);
  console.log(
    Object.entries(machine)
      .map(([name, value]) => `${name} ${value}`)
      .join(" · "),
  );
  console.log(`\n${formatTable(report.rows)}\n`);
  if (options.json) console.log(JSON.stringify({ bench: report.bench, machine, rows: report.rows }));
}

/** The rows with aligned columns: names left, numbers right. */
export function formatTable(rows: readonly BenchRow[]): string {
  const header = ["name", "value", "unit", "peer", "ratio", "target"];
  const cells = rows.map((row) => [row.name, ...[row.value].map(formatNumber), row.unit, ...[row.peer, row.ratio, row.target].map(formatNumber)]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const isText = (column: number): boolean => column === 0 || column === 2;
  return [header, ...cells]
    .map((line) => line.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

function formatNumber(value: number | null): string {
  if (value === null) return "–";
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(4)));
}

/** The middle of the values; of an even number the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("A median needs at least one value.");
  return (upper + lower) / 2;
}
