import { readFile } from "node:fs/promises";
import type { Reader } from "#lib/server/db/client.ts";

type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
};

const FUNCTIONS_SHOWN = 30;
const STATEMENTS_SHOWN = 25;
const TEXT_CHARS = 110;

/** Prints where the processor time of the app went, by place and by function, from a CPU profile; idle time is left out. */
export async function printAppProfile(file: string): Promise<void> {
  const profile = JSON.parse(await readFile(file, "utf8")) as CpuProfile;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const [byPlace, byFunction] = [new Map<string, number>(), new Map<string, number>()];
  let busy = 0;
  for (const [at, id] of profile.samples.entries()) {
    const frame = nodes.get(id);
    const micros = profile.timeDeltas[at] ?? 0;
    if (!frame || frame.functionName === "(idle)") continue;
    busy += micros;
    const place = placeOf(frame.url);
    add(byPlace, place === "" ? frame.functionName : place, micros);
    add(byFunction, `${frame.functionName || "(anonymous)"} ${place}:${frame.lineNumber + 1}`, micros);
  }
  console.log(`\nprofile of the app: ${(busy / 1e6).toFixed(1)} s busy`);
  for (const table of [byPlace, byFunction]) {
    console.log("");
    for (const [key, micros] of top(table, FUNCTIONS_SHOWN)) console.log(`${((100 * micros) / busy).toFixed(1).padStart(6)} %  ${key}`);
  }
}

/** Loads pg_stat_statements into a database whose server preloads it. */
export async function startStatementCounts(db: Reader): Promise<void> {
  await db`create extension if not exists pg_stat_statements`;
  await db`select pg_stat_statements_reset()`;
}

/** Prints which statements took the database's time, the most expensive first, per call and in all. */
export async function printStatements(db: Reader): Promise<void> {
  const rows = await db<{ calls: bigint; ms: number; rows: bigint; hits: bigint; wal: string; query: string }[]>`
    select calls, total_exec_time + total_plan_time as ms, rows, shared_blks_hit as hits, wal_bytes as wal, regexp_replace(query, '\\s+', ' ', 'g') as query
    from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) order by 2 desc limit ${STATEMENTS_SHOWN}`;
  console.log("\nstatements: total ms, calls, µs a call, rows and pages a call, bytes of log a call");
  for (const row of rows) {
    const per = (value: number) => (value / Number(row.calls)).toFixed(1).padStart(8);
    const figures = `${row.ms.toFixed(0).padStart(8)} ${String(row.calls).padStart(8)} ${per(row.ms * 1000)} ${per(Number(row.rows))} ${per(Number(row.hits))} ${per(Number(row.wal))}`;
    console.log(`${figures}  ${row.query.slice(0, TEXT_CHARS)}`);
  }
}

function placeOf(url: string): string {
  const path = url.replace(/^file:\/\//, "");
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (inPackage) return inPackage;
  return path.startsWith("node:") ? path : path.replace(`${process.cwd()}/`, "");
}

function add(to: Map<string, number>, key: string, value: number): void {
  to.set(key, (to.get(key) ?? 0) + value);
}

function top(table: ReadonlyMap<string, number>, count: number): [string, number][] {
  return [...table].sort(([, a], [, b]) => b - a).slice(0, count);
}
