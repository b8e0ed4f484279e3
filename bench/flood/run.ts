import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { benchFolder } from "#bench/bench-folder.ts";
import { startBenchDatabase } from "#bench/exchange/bench-database.ts";
import { type ExchangeFigures, measureExchange } from "#bench/exchange/measure-exchange.ts";
import type { MeasuredServer } from "#bench/exchange/measured-server.ts";
import { withCase } from "#bench/exchange/open-case.ts";
import { type BenchRow, printReport } from "#bench/report.ts";

/*
 * Devices that exchange at their pace, each from an address of its own, first alone and then while one address sends requests on many connections as fast as
 * it is answered: how much slower the others are. The limits are those of an instance with nothing set.
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "20" } } });
const seconds = Number(values.seconds);
if (!(seconds > 0 && seconds <= 120)) throw new Error("--seconds must be above 0 and at most 120.");
const [DEVICES, JOBS, BATCH, EVERY_MS, FLOODERS] = [40, 8, 8, 250, 64];
const FLOODING_ADDRESS = "198.51.100.66";

const database = await startBenchDatabase(benchFolder());
try {
  const settings = { TRUSTED_PROXY_HOPS: "1", RATE_LIMIT_FACTOR: "1" };
  const rows = await withCase(database, { jobs: JOBS, devices: DEVICES, door: "gateway", env: settings }, async (world, app) => {
    const measure = async (inWindow: () => Promise<void>) => {
      await world.renewDevices();
      const addressOf = (at: number) => `203.0.113.${at + 1}`;
      const load = { batch: BATCH, seconds, everyMs: EVERY_MS, addressOf, warmUpExchanges: DEVICES * 10, databaseCpuMicros: database.cpuMicros };
      return await measureExchange(world, app, { ...load, isProven: false, inWindow });
    };
    const quiet = await measure(async () => {});
    const flood = { answers: new Map<number, number>() };
    const flooded = await measure(async () => await floodFor(app, seconds * 1000, flood.answers));
    return rowsOf(quiet, flooded, flood.answers);
  });
  const facts = { ...database.facts, devices: String(DEVICES), flooders: String(FLOODERS), seconds: String(seconds) };
  printReport({ bench: "flood", rows, facts }, values);
} finally {
  await database.stop();
}

async function floodFor({ urls: [url = ""] }: MeasuredServer, ms: number, answers: Map<number, number>): Promise<void> {
  const untilMs = performance.now() + ms;
  await Promise.all(
    Array.from({ length: FLOODERS }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (performance.now() < untilMs) {
        const status = await sendOne(url, agent).catch(async () => {
          await sleep(10);
          return 0;
        });
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
      agent.destroy();
    }),
  );
}

async function sendOne(url: string, agent: Agent): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", authorization: "Bearer nothing", "x-forwarded-for": FLOODING_ADDRESS };
    const outgoing = request(`${url}/api/v1/exchange`, { method: "POST", agent, headers }, (incoming) => {
      incoming.resume().on("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end("{}");
  });
}

function rowsOf(quiet: ExchangeFigures, flooded: ExchangeFigures, answers: ReadonlyMap<number, number>): BenchRow[] {
  const beside = (name: string, unit: string, of: { of: (figures: ExchangeFigures) => number; target: number | null }): BenchRow => {
    const [value, peer] = [of.of(flooded), of.of(quiet)];
    return { name: `others/${name}/flooded-vs-quiet`, value, unit, peer, ratio: value / peer, target: of.target };
  };
  const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const plain = (name: string, value: number, unit: string): BenchRow => ({ name, value, unit, peer: null, ratio: null, target: null });
  return [
    beside("exchanges-per-s", "exchanges/s", { of: (f) => f.exchanges / f.windowS, target: (0.8 * quiet.exchanges) / quiet.windowS }),
    beside("p50-ms", "ms", { of: (f) => f.p50Ms, target: 1.2 * quiet.p50Ms }),
    beside("p99-ms", "ms", { of: (f) => f.p99Ms, target: null }),
    plain("flood/answers-per-s", total / flooded.windowS, "answers/s"),
    plain("flood/refused-share", (answers.get(429) ?? 0) / Math.max(1, total), "of its answers"),
  ];
}
