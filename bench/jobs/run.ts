import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { benchFolder } from "#bench/bench-folder.ts";
import { startBenchDatabase } from "#bench/exchange/bench-database.ts";
import { type ExchangeFigures, measureExchange } from "#bench/exchange/measure-exchange.ts";
import { withCase } from "#bench/exchange/open-case.ts";
import type { World } from "#bench/exchange/world.ts";
import { type BenchRow, printReport } from "#bench/report.ts";
import { type Answered, measureLatecomers } from "./measure-latecomers.ts";
import { type ErrorOfShares, errorOfShares, readWork, type Work } from "./measure-shares.ts";

/*
 * A thousand running jobs of ten owners, with weights from 1 to 4 and shards that take from half a second to two: what choosing among them costs beside
 * choosing among eight, how fair the shares come out, and how soon a small job that comes behind all of them begins. A share is counted in whole grants, so
 * that it takes rounds in which every job gets what it is due to tell it exactly.
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false } } });
const jobCount = values.short ? 100 : 1000;
const [ACCOUNTS, WEIGHTS, DEVICES, BATCH, FEW, FEW_SECONDS, ROUNDS, WARM_UP_ROUNDS] = [10, 4, 8, 8, 8, 20, 25, 3];
const LATECOMERS = values.short ? 6 : 20;
/** Grants in which every job gets as many as its weight. */
const ROUND = (jobCount * (1 + WEIGHTS)) / 2;
/** Tokens of devices live ten minutes. */
const WINDOW_S_MAX = 480;

const durationOf = (at: number) => 500 + (at % 7) * 250;
/** Owner and weight go round at different steps, so that every owner has jobs of every weight. */
const weightOf = (at: number) => 1 + (Math.floor(at / ACCOUNTS) % WEIGHTS);

const database = await startBenchDatabase(benchFolder());
try {
  const few = await measure({ jobs: FEW, seconds: FEW_SECONDS, warmUpExchanges: 1000 }, async () => {});
  let shares: ErrorOfShares | null = null;
  let answered: Answered | null = null;
  const many = await measure({ jobs: jobCount, seconds: 0, warmUpExchanges: WARM_UP_ROUNDS * ROUND }, async (world) => {
    const before = await readWork(world);
    const startedMs = performance.now();
    let after = before;
    while (grantsIn(after) - grantsIn(before) < ROUNDS * ROUND && performance.now() - startedMs < WINDOW_S_MAX * 1000) {
      await sleep(1000);
      after = await readWork(world);
    }
    shares = errorOfShares({ world, before, after, weightOf, durationOf });
    // Latecomers come at the end, so that the shares are those of the others.
    answered = await measureLatecomers(world, LATECOMERS);
  });
  if (!(shares && answered)) throw new Error("Nothing was measured.");
  const facts = { ...database.facts, devices: String(DEVICES), jobs: String(jobCount) };
  printReport({ bench: "jobs", rows: rowsOf(few, many, { shares, answered }), facts }, values);
} finally {
  await database.stop();
}

type Shape = { jobs: number; seconds: number; warmUpExchanges: number };

async function measure({ jobs, ...window }: Shape, inWindow: (world: World) => Promise<void>): Promise<ExchangeFigures> {
  console.error(`${jobs} jobs`);
  return await withCase(database, { jobs, devices: DEVICES, accounts: Math.min(ACCOUNTS, jobs), weightOf, door: "gateway" }, async (world, app) => {
    const places = new Map(world.jobIds.map((jobId, at) => [jobId, at]));
    const durationMsOf = (jobId: World["jobIds"][number]) => durationOf(places.get(jobId) ?? 0);
    const load = { ...window, batch: BATCH, cores: BATCH, durationMsOf, warmUpMsMax: WINDOW_S_MAX * 1000, databaseCpuMicros: database.cpuMicros };
    return await measureExchange(world, app, { ...load, inWindow: async () => await inWindow(world) });
  });
}

function grantsIn(work: Work): number {
  return [...work.values()].reduce((sum, { grants }) => sum + grants, 0);
}

function rowsOf(few: ExchangeFigures, many: ExchangeFigures, found: { shares: ErrorOfShares; answered: Answered }): BenchRow[] {
  const { shares, answered } = found;
  const plain = (name: string, value: number, unit: string, target: number | null = null): BenchRow => ({ name, value, unit, peer: null, ratio: null, target });
  const beside = (name: string, unit: string, of: (figures: ExchangeFigures) => number): BenchRow => {
    const [value, peer] = [of(many), of(few)];
    return { name, value, unit, peer, ratio: value / peer, target: null };
  };
  return [
    beside(`app-cpu-us-per-exchange/${jobCount}-jobs-vs-${FEW}`, "µs", (f) => (f.appCpuMicrosPerShard * f.verified) / f.exchanges),
    ...(many.databaseCpuMicrosPerShard === null
      ? []
      : [beside(`database-cpu-us-per-exchange/${jobCount}-jobs-vs-${FEW}`, "µs", (f) => ((f.databaseCpuMicrosPerShard ?? 0) * f.verified) / f.exchanges)]),
    beside(`p50-ms/${jobCount}-jobs-vs-${FEW}`, "ms", (f) => f.p50Ms),
    beside(`p99-ms/${jobCount}-jobs-vs-${FEW}`, "ms", (f) => f.p99Ms),
    plain("share-error/accounts", shares.accounts, "of the share, the worst", 0.05),
    plain("share-error/weights", shares.weights, "of the share, the worst", 0.05),
    plain("share-error/jobs", shares.jobsP95, "of the share, p95"),
    plain("grants-per-job", shares.grantsPerJob, "in the window"),
    plain("latecomer/first-grant-s", answered.firstGrantS, "s, the slowest", 2),
    plain("latecomer/done-s", answered.doneS, "s, the slowest"),
  ];
}
