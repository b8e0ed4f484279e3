import { parseArgs } from "node:util";
import { benchFolder } from "#bench/bench-folder.ts";
import { startBenchDatabase } from "#bench/exchange/bench-database.ts";
import { type DoorKind, isAppBuilt } from "#bench/exchange/doors.ts";
import { type ExchangeFigures, measureExchange } from "#bench/exchange/measure-exchange.ts";
import { withCase } from "#bench/exchange/open-case.ts";
import { type BenchRow, printReport } from "#bench/report.ts";

/*
 * Many connected devices, each on a connection of its own, that exchange every 15 seconds as volunteers do, from one process: what that takes of it, and how
 * long an exchange lasts.
 */
const EVERY_MS = 15_000;
const JOBS = 8;
const BATCH = 4;
const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    devices: { type: "string" },
    seconds: { type: "string" },
    door: { type: "string", multiple: true, default: [] },
  },
});
const devices = Number(values.devices ?? (values.short ? 1000 : 10_000));
const seconds = Number(values.seconds ?? (values.short ? 15 : 60));
if (!(devices > 0 && seconds > 0 && seconds <= 300)) throw new Error("--devices and --seconds must be above 0, --seconds at most 300.");
const doors = (values.door.length > 0 ? values.door : ["gateway", "next"]) as DoorKind[];

const database = await startBenchDatabase(benchFolder());
try {
  const rows: BenchRow[] = [];
  for (const door of doors) {
    if (door === "next" && !isAppBuilt()) console.error("next is left out: there is no built app; npm run build makes one.");
    else rows.push(...(await measureDoor(door)));
  }
  printReport({ bench: "devices", rows, facts: { ...database.facts, every: `${EVERY_MS / 1000} s`, batch: String(BATCH), seconds: String(seconds) } }, values);
} finally {
  await database.stop();
}

async function measureDoor(door: DoorKind): Promise<BenchRow[]> {
  console.error(`${door}: ${devices} devices, about ${seconds + (2 * EVERY_MS) / 1000} s after they are registered`);
  return await withCase(database, { jobs: JOBS, devices, door }, async (world, app) => {
    const idle = await app.usage();
    const figures = await measureExchange(world, app, {
      batch: BATCH,
      seconds,
      // Everybody has come, and reports for the first time.
      warmUpExchanges: devices,
      databaseCpuMicros: database.cpuMicros,
      everyMs: EVERY_MS,
    });
    return rowsOf(door, figures, idle.rssBytes);
  });
}

function rowsOf(door: DoorKind, figures: ExchangeFigures, idleRssBytes: number): BenchRow[] {
  const row = (name: string, value: number, unit: string): BenchRow => ({
    name: `${door}/${name}/${devices}`,
    value,
    unit,
    peer: null,
    ratio: null,
    target: null,
  });
  const { verified, exchanges, appRssBytes } = figures;
  return [
    row("exchanges-per-s", exchanges / figures.windowS, "exchanges/s"),
    row("p50-ms", figures.p50Ms, "ms"),
    row("p99-ms", figures.p99Ms, "ms"),
    row("memory-mib", appRssBytes / 2 ** 20, "MiB"),
    row("memory-per-device-kib", (appRssBytes - idleRssBytes) / devices / 1024, "KiB"),
    row("app-cores", (figures.appCpuMicrosPerShard * verified) / 1e6 / figures.windowS, "cores"),
    ...(figures.databaseCpuMicrosPerShard === null
      ? []
      : [row("database-cores", (figures.databaseCpuMicrosPerShard * verified) / 1e6 / figures.windowS, "cores")]),
    row("load-cores", (figures.loadCpuMicrosPerShard * verified) / 1e6 / figures.windowS, "cores"),
  ];
}
