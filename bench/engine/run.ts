import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { gzipSync } from "node:zlib";
import { benchFolder } from "#bench/bench-folder.ts";
import { type BenchRow, printReport } from "#bench/report.ts";
import { createJob } from "#lib/server/jobs/create-job.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { makeSubmission } from "#lib/testing/submission.ts";
import { createExecutor } from "#workers/executor/executor.ts";
import { findFreePort } from "../../scripts/processes/free-port.ts";
import { startBenchDatabase } from "../exchange/bench-database.ts";
import { chooseDoor, isAppBuilt } from "../exchange/doors.ts";
import { startMeasuredServer } from "../exchange/measured-server.ts";
import { countVerified, openWorld, type World } from "../exchange/world.ts";
import { processCpuMs, secondsUntil, startBenchDevice } from "./bench-device.ts";
import { startDelayingProxy } from "./delaying-proxy.ts";
import { measurePacing } from "./measure-pacing.ts";
import { measureReplacement } from "./measure-replacement.ts";

/*
 * The engine as a device of this process, with threads as executors, against the built app with its database: how much of their time executors wait for the
 * network, how soon they begin, how well a share of the processor is kept, and what replacing a runaway costs. Shards take one second.
 */
const SHARD_MS = 1000;
const SHARDS = 100_000;
const ROUND_TRIPS_MS = [0, 50, 200] as const;
const CORES = 2;
const SHARE_PERCENT = 40;
const CALIBRATION_ITERATIONS = 100_000_000;

const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "60" } } });
const seconds = Number(values.seconds);
if (!(seconds >= 5 && seconds <= 300)) throw new Error("--seconds must be at least 5 and at most 300.");
if (!isAppBuilt()) throw new Error("There is no built app; npm run build makes one.");
// As a headless device does: whole loops are compiled well at once.
setFlagsFromString("--no-liftoff");

const root = join(import.meta.dirname, "..", "..");
const database = await startBenchDatabase(benchFolder());
try {
  const rows = await database.withEmpty(async ({ databaseUrl, folder }) => {
    const door = await chooseDoor("next");
    const proxy = await startDelayingProxy(await findFreePort(), { port: Number(new URL(door.origin).port) });
    const world = await openWorld({ databaseUrl, migrations: join(root, "drizzle"), blobFolder: folder, origin: proxy.origin, jobs: 0, devices: 0 });
    try {
      await submitSpin(world);
      const app = await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...door.env }, url: door.origin });
      try {
        return await measure(world, proxy);
      } finally {
        await app.stop();
      }
    } finally {
      await world.close();
      await proxy.close();
    }
  });
  const facts = { ...database.facts, engine: "Node", "shard-ms": String(SHARD_MS), cores: String(CORES), seconds: String(seconds) };
  printReport({ bench: "engine", rows, facts }, { json: values.json });
} finally {
  await database.stop();
}

async function measure(world: World, proxy: Awaited<ReturnType<typeof startDelayingProxy>>): Promise<BenchRow[]> {
  const rows: BenchRow[] = await measureStart(world, proxy.origin);
  for (const roundTripMs of ROUND_TRIPS_MS) {
    proxy.setRoundTrip(roundTripMs);
    const share = await measureIdleShare(proxy.origin);
    rows.push(rowOf(`idle-share/rtt-${roundTripMs}ms`, share, "of executor time", roundTripMs === 50 ? 0.02 : null));
  }
  proxy.setRoundTrip(0);
  rows.push(rowOf("cpu-share-error", await measureShareError(proxy.origin), "of a core", 0.05));
  const { killMs, replaceMs } = await measureReplacement();
  rows.push(rowOf("kill-ms", killMs, "ms", null), rowOf("replace-ms", replaceMs, "ms", 100));
  rows.push(await measureScript(proxy.origin), ...(await measurePacing()));
  return rows;
}

/** From a device's start to its first running shard, and, two devices starting together, to the first verdict. */
async function measureStart(world: World, origin: string): Promise<BenchRow[]> {
  console.error("start");
  // The server compiles its routes at the first request of each.
  const first = await startBenchDevice(origin, { cores: 1 });
  await secondsUntil("a first shard", () => first.snapshot().times.computing > 0);
  await first.stop();
  const before = await countVerified(world.services);
  const devices = [startBenchDevice(origin, { cores: 1 }), startBenchDevice(origin, { cores: 1 })];
  const verified = secondsUntil("a verdict", async () => (await countVerified(world.services)) > before);
  const [one] = await Promise.all(devices);
  const running = await secondsUntil("a first shard", () => (one?.snapshot().times.computing ?? 0) > 0);
  const verifiedS = await verified;
  for (const device of devices) await (await device).stop();
  return [rowOf("start-to-first-shard-s", running, "s", 3), rowOf("start-to-first-verified-s", verifiedS, "s", 10)];
}

/** What part of their time executors have nothing to run, from the first shard on. */
async function measureIdleShare(origin: string): Promise<number> {
  console.error(`idle share: ${seconds} s`);
  const device = await startBenchDevice(origin, { cores: CORES });
  await secondsUntil("a first shard", () => device.snapshot().times.computing > 0);
  const before = device.snapshot().times;
  await sleep(seconds * 1000);
  const after = device.snapshot().times;
  await device.stop();
  const waitedMs = after.idle + after.loading - before.idle - before.loading;
  return waitedMs / (waitedMs + after.computing - before.computing);
}

/** How far the processor time of this process is from the share that was asked for, once the pace is known. */
async function measureShareError(origin: string): Promise<number> {
  console.error(`share: ${seconds} s`);
  const device = await startBenchDevice(origin, { cores: 1, cpuSharePercent: SHARE_PERCENT });
  await secondsUntil("a known pace", () => device.snapshot().counts.finished >= 3);
  const [startedAt, spentAt] = [performance.now(), processCpuMs()];
  await sleep(seconds * 1000);
  const used = (processCpuMs() - spentAt) / (performance.now() - startedAt);
  await device.stop();
  return Math.abs(used - SHARE_PERCENT / 100);
}

/** The script that the volunteer's page loads before anybody presses Start, compressed as a server would. */
async function measureScript(origin: string): Promise<BenchRow> {
  const page = await (await fetch(`${origin}/volunteer`, { headers: { accept: "text/html", "accept-language": "en" } })).text();
  const sources = new Set(
    [...page.matchAll(/<script[^>]+src="([^"]+)"[^>]*>/g)].filter(([tag]) => !/nomodule/i.test(tag ?? "")).map(([, source = ""]) => source),
  );
  const sizes = await Promise.all(
    [...sources].map(async (source) => gzipSync(new Uint8Array(await (await fetch(new URL(source, origin))).arrayBuffer())).length),
  );
  return rowOf("js-before-start-kib-gzip", sizes.reduce((sum, size) => sum + size, 0) / 1024, "KiB", 150);
}

/** A paid job whose shards spin for a second each on this machine. */
async function submitSpin({ services }: World): Promise<void> {
  const programBytes = await readTestProgram("spin");
  const { ctx } = await makeAccount(services, 10n ** 12n);
  const program = { runtime: "wasi", artifact: { sha256: createHash("sha256").update(programBytes).digest("hex") }, args: [await iterationsOf(programBytes)] };
  const slicing = { mode: "range", from: 0, to: SHARDS };
  await createJob(ctx, await makeSubmission(ctx, { name: "Spin", programBytes, program, slicing }));
}

async function iterationsOf(program: Uint8Array): Promise<string> {
  const executor = createExecutor();
  const programSha256 = createHash("sha256").update(program).digest("hex");
  await executor.prepare({ jobId: "job_bench", program, programSha256, memoryBytesMax: 2 ** 26, files: [] });
  const limits = { outputBytesMax: 1024, stderrBytesMax: 1024 };
  const request = { jobId: "job_bench", args: [String(CALIBRATION_ITERATIONS)], env: {}, stdin: new Uint8Array(), seed: 0n, limits };
  await executor.run(request);
  const { durationMs } = await executor.run(request);
  return String(Math.round((CALIBRATION_ITERATIONS * SHARD_MS) / durationMs));
}

function rowOf(name: string, value: number, unit: string, target: number | null): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target };
}
