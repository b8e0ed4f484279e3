import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { benchFolder } from "#bench/bench-folder.ts";
import { startBenchDatabase } from "#bench/exchange/bench-database.ts";
import { type ExchangeFigures, measureExchange } from "#bench/exchange/measure-exchange.ts";
import { withCase } from "#bench/exchange/open-case.ts";
import { type BenchRow, printReport } from "#bench/report.ts";
import { Flood } from "./flood.ts";

/*
 * Devices that exchange at their pace, each from an address of its own: alone, before and after; while one address sends requests on many connections as fast as it is answered, until it has
 * used up what one address may; and while it goes on and is refused. How much slower the others are. The limits are those of an instance with nothing set.
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "20" } } });
const seconds = Number(values.seconds);
if (!(seconds > 0 && seconds <= 40)) throw new Error("--seconds must be above 0 and at most 40: a minute later the address may send again.");
const [DEVICES, JOBS, BATCH, EVERY_MS, FLOODERS] = [40, 8, 8, 250, 64];
/** The limit counts by the minute: an address that does not reach it within one cannot. */
const LIMIT_MS_MAX = 60_000;
const POLL_MS = 20;

const database = await startBenchDatabase(benchFolder());
try {
  const settings = { TRUSTED_PROXY_HOPS: "1", RATE_LIMIT_FACTOR: "1" };
  const rows = await withCase(database, { jobs: JOBS, devices: DEVICES, door: "gateway", env: settings }, async (world, app) => {
    const measure = async (ofWindow: { seconds: number; inWindow?: () => Promise<void> }) => {
      const addressOf = (at: number) => `203.0.113.${at + 1}`;
      const load = { batch: BATCH, everyMs: EVERY_MS, addressOf, warmUpExchanges: DEVICES * 10, databaseCpuMicros: database.cpuMicros };
      return await measureExchange(world, app, { ...load, isProven: false, ...ofWindow });
    };
    const before = await measure({ seconds });
    const flood = new Flood(app.urls[0] ?? "", FLOODERS);
    const untilRefused = async () => {
      flood.begin();
      for (let waitedMs = 0; flood.refused < FLOODERS; waitedMs += POLL_MS) {
        if (waitedMs > LIMIT_MS_MAX)
          throw new Error(`One address sent ${flood.answered} requests in a minute and was not refused: the flood is too slow to measure.`);
        await sleep(POLL_MS);
      }
    };
    try {
      const taken = await measure({ seconds: 0, inWindow: untilRefused });
      const takenAnswers = flood.answered;
      const refused = await measure({ seconds });
      const refusalsPerS = flood.refusalsPerS();
      await flood.end();
      await world.renewDevices();
      const quiet = meanOf(before, await measure({ seconds }));
      return rowsOf({ quiet, taken, refused }, { takenAnswers, refusalsPerS });
    } finally {
      await flood.end();
    }
  });
  const facts = { ...database.facts, devices: String(DEVICES), flooders: String(FLOODERS), seconds: String(seconds) };
  printReport({ bench: "flood", rows, facts }, values);
} finally {
  await database.stop();
}

/** What is compared. */
type Figures = Pick<ExchangeFigures, "exchanges" | "windowS" | "p50Ms" | "p99Ms">;

/** A machine that others use is not the same from one minute to the next: the two quiet windows lie around the others. */
function meanOf(a: Figures, b: Figures): Figures {
  const mean = (of: (figures: Figures) => number) => (of(a) + of(b)) / 2;
  return { exchanges: mean((f) => f.exchanges), windowS: mean((f) => f.windowS), p50Ms: mean((f) => f.p50Ms), p99Ms: mean((f) => f.p99Ms) };
}

function rowsOf(
  { quiet, taken, refused }: Record<"quiet" | "taken" | "refused", Figures>,
  { takenAnswers, refusalsPerS }: { takenAnswers: number; refusalsPerS: number },
): BenchRow[] {
  const plain = (name: string, value: number, unit: string): BenchRow => ({ name, value, unit, peer: null, ratio: null, target: null });
  const beside = (name: string, unit: string, of: { value: number; peer: number; target: number | null }): BenchRow => ({
    name,
    unit,
    ...of,
    ratio: of.value / of.peer,
  });
  const rate = ({ exchanges, windowS }: Figures) => exchanges / windowS;
  const others = (when: string, figures: Figures): BenchRow[] => [
    beside(`others/exchanges-per-s/${when}`, "exchanges/s", { value: rate(figures), peer: rate(quiet), target: 0.8 * rate(quiet) }),
    beside(`others/p50-ms/${when}`, "ms", { value: figures.p50Ms, peer: quiet.p50Ms, target: 1.2 * quiet.p50Ms }),
    beside(`others/p99-ms/${when}`, "ms", { value: figures.p99Ms, peer: quiet.p99Ms, target: null }),
  ];
  return [
    ...others("refused-flood-vs-quiet", refused),
    ...others("flood-before-its-limit-vs-quiet", taken),
    plain("flood/answers-before-its-limit", takenAnswers, "answers"),
    plain("flood/seconds-to-its-limit", taken.windowS, "s"),
    plain("flood/refusals-per-s", refusalsPerS, "answers/s"),
  ];
}
