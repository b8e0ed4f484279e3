import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { benchFolder } from "#bench/bench-folder.ts";
import { type BenchRow, printReport } from "#bench/report.ts";
import { type BenchDatabase, startBenchDatabase } from "./bench-database.ts";
import { type DoorKind, isAppBuilt } from "./doors.ts";
import { type InProcessFigures, type InProcessLoad, measureWithoutHttp } from "./in-process.ts";
import { type ExchangeFigures, type ExchangeLoad, measureExchange } from "./measure-exchange.ts";
import type { MeasuredServer } from "./measured-server.ts";
import { withCase, withWorld } from "./open-case.ts";
import { PEERS } from "./peers.ts";
import { printAppProfile, printStatements, startStatementCounts } from "./profile.ts";
import { measureSqlLimit } from "./sql-limit.ts";
import type { World } from "./world.ts";

/*
 * Verified shards per second through HTTP with a durable database and every payment posted: 8 devices on 8 connections, quorum 2, outputs of 64 bytes.
 * Beside them, on the same server in the same run, job queues that do nothing, the same statements without HTTP, and the least statements by hand.
 */
type Case = {
  name: string;
  batch: number;
  jobs: number;
  door: DoorKind;
  processes?: number;
  devices?: number;
  /** The shortest window that shows its rate. */
  secondsMin?: number;
  verifiedTarget?: number;
  cpuTarget?: number;
  /** What part it should reach of the same without HTTP; only of cases with one is that measured, and the limit in SQL. */
  shareTarget?: number;
};

const DEVICES = 8;
const WARM_UP_EXCHANGES = 2000;
const SECONDS_DEFAULT = 10;
/** Tokens of devices live ten minutes. */
const SECONDS_MAX = 300;
const PEER_OF_RATIO = "peer/graphile-worker/jobs-per-s";

const CASES: readonly Case[] = [
  { name: "batch-1", batch: 1, jobs: 8, door: "gateway" },
  { name: "batch-8", batch: 8, jobs: 8, door: "gateway" },
  { name: "batch-32", batch: 32, jobs: 8, door: "gateway", verifiedTarget: 10_000, cpuTarget: 60, shareTarget: 0.6 },
  { name: "batch-128", batch: 128, jobs: 8, door: "gateway", cpuTarget: 30, shareTarget: 0.6 },
  { name: "batch-32/1-job", batch: 32, jobs: 1, door: "gateway", verifiedTarget: 10_000, shareTarget: 0.6 },
  { name: "batch-32/2-processes", batch: 32, jobs: 8, door: "gateway", processes: 2 },
  { name: "batch-32/4-processes", batch: 32, jobs: 8, door: "gateway", processes: 4 },
  { name: "batch-32/2-devices", batch: 32, jobs: 8, door: "gateway", devices: 2 },
  { name: "batch-32/100-devices", batch: 32, jobs: 8, door: "gateway", devices: 100 },
  { name: "batch-32/1000-devices", batch: 32, jobs: 8, door: "gateway", devices: 1000, secondsMin: 15 },
  { name: "batch-32/next", batch: 32, jobs: 8, door: "next" },
  { name: "batch-128/next", batch: 128, jobs: 8, door: "next" },
];

type Below = { name: string; measure: (world: World, load: InProcessLoad) => Promise<InProcessFigures>; hasTarget: boolean };

/** What lies below the exchange: its own statements without HTTP, and the least statements that do the same work. */
const BELOW: readonly Below[] = [
  { name: "without-http", measure: measureWithoutHttp, hasTarget: true },
  { name: "sql-limit", measure: measureSqlLimit, hasTarget: false },
];

const { json, seconds, only, profile } = readOptions();
const isAsked = (name: string) => only.length === 0 || only.some((part) => (part.startsWith("=") ? name === part.slice(1) : name.includes(part)));
const database = await startBenchDatabase(benchFolder(), { countsStatements: profile !== null });
try {
  const peers = await measurePeers(database);
  const rows: BenchRow[] = [];
  for (const each of CASES.filter(({ name }) => isAsked(name))) {
    if (each.door === "next" && !isAppBuilt()) {
      console.error(`${each.name} is left out: there is no built app; npm run build makes one.`);
      continue;
    }
    console.error(`${each.name}: ${seconds} s`);
    const figures = await measureCase(database, each);
    rows.push(...rowsOf(each, figures, peers.get(PEER_OF_RATIO) ?? null));
    if (each.shareTarget === undefined) continue;
    for (const below of BELOW) rows.push(...rowsBelow(each, figures, { below, figures: await measureBelow(database, each, below) }));
  }
  for (const [name, value] of peers) rows.push({ name, value, unit: "no-op jobs/s", peer: null, ratio: null, target: null });
  const facts = { ...database.facts, devices: String(DEVICES), quorum: "2", seconds: String(seconds) };
  printReport({ bench: "exchange", rows, facts }, { json });
} finally {
  await database.stop();
}

type Options = { json: boolean; seconds: number; only: string[]; profile: string | null };

/** `--only` takes parts of names of cases and peers, or with `=` before it a whole one; `--profile` a folder for CPU profiles, and prints the costs of app and database. */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      seconds: { type: "string", default: String(SECONDS_DEFAULT) },
      only: { type: "string", multiple: true, default: [] },
      profile: { type: "string" },
    },
  });
  const given = Number(values.seconds);
  if (!(given > 0 && given <= SECONDS_MAX)) throw new Error(`--seconds must be above 0 and at most ${SECONDS_MAX}.`);
  return { json: values.json, seconds: given, only: values.only, profile: values.profile ?? null };
}

async function measurePeers(server: BenchDatabase): Promise<Map<string, number>> {
  const figures = new Map<string, number>();
  for (const peer of PEERS.filter(({ row }) => isAsked(row))) {
    console.error(`${peer.row}: about ${seconds} s`);
    figures.set(peer.row, await server.withEmpty((place) => peer.measure(place.databaseUrl, seconds)));
  }
  return figures;
}

async function measureCase(server: BenchDatabase, each: Case): Promise<ExchangeFigures> {
  return await withCase(server, { devices: DEVICES, ...each }, async (world, app) => {
    // So many devices report in waves, of which the first of a shard brings no verdict.
    const load = {
      batch: each.batch,
      seconds: Math.max(seconds, each.secondsMin ?? 0),
      warmUpExchanges: WARM_UP_EXCHANGES,
      databaseCpuMicros: server.cpuMicros,
    };
    return profile === null
      ? await measureExchange(world, app, load)
      : await measureAndProfile(world, app, { ...load, profileFile: join(profile, each.name.replaceAll("/", "-")) });
  });
}

async function measureBelow(server: BenchDatabase, { name, batch, jobs }: Case, below: Below): Promise<InProcessFigures> {
  console.error(`${below.name}/${name}: ${seconds} s`);
  return await withWorld(server, { jobs, devices: 0 }, async (world) => {
    if (profile !== null) await startStatementCounts(world.services.db);
    const figures = await below.measure(world, { devices: DEVICES, batch, seconds, databaseCpuMicros: server.cpuMicros });
    if (profile !== null) await printStatements(world.services.db);
    return figures;
  });
}

/** The exchange's rate beside one of those; and the same by what each costs the processor, which says as much where nothing else is short and less depends on who else uses the machine. */
function rowsBelow({ name, shareTarget }: Case, exchange: ExchangeFigures, { below, figures }: { below: Below; figures: InProcessFigures }): BenchRow[] {
  const row = (what: string, value: number, unit: string): BenchRow => ({
    name: `${below.name}/${what}/${name}`,
    value,
    unit,
    peer: null,
    ratio: null,
    target: null,
  });
  const target = below.hasTarget ? (shareTarget ?? null) : null;
  const rows = [
    row("verified-per-s", figures.verifiedPerS, "shards/s"),
    row("process-cpu-us-per-shard", figures.processCpuMicrosPerShard, "µs"),
    { ...row("share", exchange.verifiedPerS / figures.verifiedPerS, "of it"), target },
  ];
  if (figures.databaseCpuMicrosPerShard === null || exchange.databaseCpuMicrosPerShard === null) return rows;
  const micros = exchange.appCpuMicrosPerShard + exchange.databaseCpuMicrosPerShard + exchange.loadCpuMicrosPerShard;
  const microsBelow = figures.processCpuMicrosPerShard + figures.databaseCpuMicrosPerShard;
  return [
    ...rows,
    row("database-cpu-us-per-shard", figures.databaseCpuMicrosPerShard, "µs"),
    { ...row("share-by-cpu", microsBelow / micros, "of it"), target },
  ];
}

async function measureAndProfile(world: World, app: MeasuredServer, load: ExchangeLoad & { profileFile: string }): Promise<ExchangeFigures> {
  await mkdir(dirname(load.profileFile), { recursive: true });
  await startStatementCounts(world.services.db);
  const figures = await measureExchange(world, app, load);
  await printAppProfile(load.profileFile);
  await printStatements(world.services.db);
  return figures;
}

function rowsOf(each: Case, figures: ExchangeFigures, peer: number | null): BenchRow[] {
  const row = (what: string, value: number, unit: string, target: number | null = null): BenchRow => ({
    name: `${what}/${each.name}`,
    value,
    unit,
    peer: null,
    ratio: null,
    target,
  });
  const verified = row("verified-per-s", figures.verifiedPerS, "shards/s", each.verifiedTarget ?? (each.batch === 128 ? peer : null));
  return [
    { ...verified, peer, ratio: peer === null ? null : figures.verifiedPerS / peer },
    row("app-cpu-us-per-shard", figures.appCpuMicrosPerShard, "µs", each.cpuTarget),
    ...(figures.databaseCpuMicrosPerShard === null ? [] : [row("database-cpu-us-per-shard", figures.databaseCpuMicrosPerShard, "µs")]),
    row("load-cpu-us-per-shard", figures.loadCpuMicrosPerShard, "µs"),
    row("p50-ms", figures.p50Ms, "ms"),
    row("p99-ms", figures.p99Ms, "ms"),
  ];
}
