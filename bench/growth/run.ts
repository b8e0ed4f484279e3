import { parseArgs } from "node:util";
import { benchFolder } from "#bench/bench-folder.ts";
import { startBenchDatabase } from "#bench/exchange/bench-database.ts";
import { type ExchangeFigures, measureExchange } from "#bench/exchange/measure-exchange.ts";
import type { MeasuredServer } from "#bench/exchange/measured-server.ts";
import { withCase } from "#bench/exchange/open-case.ts";
import { countVerified, type World } from "#bench/exchange/world.ts";
import { type BenchRow, printReport } from "#bench/report.ts";
import { archiveJobs } from "#lib/server/archive/archive-jobs.ts";
import { makeOld, readSizes, type Sizes, shrink, vacuum } from "./table-sizes.ts";

/*
 * The rate of a fresh database beside that of the same one after millions of shards have passed through the exchange, and what they leave behind: bytes by
 * table, what VACUUM finds, how long the indexes are in which the exchange looks for open things, and what is left once the jobs are archived.
 */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false }, seconds: { type: "string" }, steps: { type: "string" } },
});
const steps = (values.steps ?? (values.short ? "30000,100000,300000" : "1000000,3000000,10000000")).split(",").map(Number);
const seconds = Number(values.seconds ?? (values.short ? 8 : 30));
if (!(seconds > 0 && steps.every((shards) => shards > 0))) throw new Error("--seconds and --steps must be above 0.");
const [JOBS, DEVICES, BATCH, BATCH_BETWEEN, WARM_UP_EXCHANGES] = [8, 8, 32, 128, 500];
/** Tokens of devices live ten minutes: passing many shards takes several lives of them. */
const PASS_SECONDS_MAX = 240;

const database = await startBenchDatabase(benchFolder());
try {
  const rows = await withCase(database, { jobs: JOBS, devices: DEVICES, door: "gateway" }, measureGrowth);
  printReport({ bench: "growth", rows, facts: { ...database.facts, devices: String(DEVICES), batch: String(BATCH), seconds: String(seconds) } }, values);
} finally {
  await database.stop();
}

async function measureGrowth(world: World, app: MeasuredServer): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  let fresh: ExchangeFigures | null = null;
  for (const shards of [0, ...steps]) {
    await passUntil(world, app, shards);
    const figures = await exchange(world, app, { batch: BATCH, seconds });
    const verified = await countVerified(world.services);
    console.error(`${verified} shards have passed: ${Math.round(figures.verifiedPerS)} a second`);
    rows.push(...rateRows(nameOf(shards), figures, fresh));
    fresh ??= figures;
    if (shards > 0) rows.push(...sizeRows(nameOf(shards), verified, await readSizes(world.services.db)));
  }
  const vacuumedS = await vacuum(world.services.db);
  const verified = await countVerified(world.services);
  rows.push(row("vacuum-s", vacuumedS, "s"), ...sizeRows("after-vacuum", verified, await readSizes(world.services.db)));
  return [...rows, ...(await measureArchive(world, verified))];
}

/** What is left of the same shards once their jobs are archived. */
async function measureArchive({ services }: World, verified: number): Promise<BenchRow[]> {
  await makeOld(services.db);
  await shrink(services.db);
  const before = sizeRows("before-archive", verified, await readSizes(services.db));
  const startedMs = performance.now();
  await archiveJobs(services);
  const archivedS = (performance.now() - startedMs) / 1000;
  await shrink(services.db);
  return [...before, row("archived-per-s", verified / archivedS, "shards/s"), ...sizeRows("after-archive", verified, await readSizes(services.db))];
}

/** Lets shards through in large batches until so many have passed. */
async function passUntil(world: World, app: MeasuredServer, shards: number): Promise<void> {
  for (let passed = await countVerified(world.services); passed < shards; passed = await countVerified(world.services)) {
    const isDone = async () => (await countVerified(world.services)) >= shards;
    await exchange(world, app, { batch: BATCH_BETWEEN, seconds: 0, isDone });
    console.error(`${await countVerified(world.services)} of ${shards} shards`);
  }
}

async function exchange(
  world: World,
  app: MeasuredServer,
  load: { batch: number; seconds: number; isDone?: () => Promise<boolean> },
): Promise<ExchangeFigures> {
  await world.renewDevices();
  const { isDone } = load;
  const inWindow = isDone && (async () => await until(isDone));
  return await measureExchange(world, app, {
    batch: load.batch,
    seconds: load.seconds,
    warmUpExchanges: WARM_UP_EXCHANGES,
    databaseCpuMicros: database.cpuMicros,
    isProven: false,
    ...(inWindow ? { inWindow } : {}),
  });
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let waitedS = 0; waitedS < PASS_SECONDS_MAX && !(await isDone()); waitedS++) await new Promise((resolve) => setTimeout(resolve, 1000));
}

function nameOf(shards: number): string {
  if (shards === 0) return "fresh";
  return shards >= 1e6 ? `${shards / 1e6}M` : `${shards / 1000}k`;
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target: null };
}

function rateRows(name: string, figures: ExchangeFigures, fresh: ExchangeFigures | null): BenchRow[] {
  const beside = (what: string, unit: string, of: (figures: ExchangeFigures) => number): BenchRow => {
    const peer = fresh && of(fresh);
    return { ...row(`${what}/${name}`, of(figures), unit), peer, ratio: peer ? of(figures) / peer : null };
  };
  const ratio = fresh && figures.verifiedPerS / fresh.verifiedPerS;
  return [
    beside("verified-per-s", "shards/s", (f) => f.verifiedPerS),
    beside("app-cpu-us-per-shard", "µs", (f) => f.appCpuMicrosPerShard),
    ...(figures.databaseCpuMicrosPerShard === null ? [] : [beside("database-cpu-us-per-shard", "µs", (f) => f.databaseCpuMicrosPerShard ?? 0)]),
    beside("p99-ms", "ms", (f) => f.p99Ms),
    ...(ratio === null ? [] : [{ ...row(`rate-ratio/${name}-vs-fresh`, ratio, "of the fresh rate"), target: 0.9 }]),
  ];
}

function sizeRows(name: string, verified: number, sizes: Sizes): BenchRow[] {
  return [
    row(`disk-bytes-per-shard/${name}`, sizes.bytes / verified, "bytes"),
    ...sizes.tables.map((table) => row(`disk-bytes-per-shard/${name}/${table.name}`, table.bytes / verified, "bytes")),
    ...sizes.tables.map((table) => row(`dead-share/${name}/${table.name}`, table.deadShare, "of rows")),
    row(`open-index-kib/${name}`, sizes.openIndexBytes / 1024, "KiB"),
    row(`autovacuums/${name}`, sizes.autovacuums, "runs"),
  ];
}
