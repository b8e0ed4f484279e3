import { join } from "node:path";
import { parseArgs } from "node:util";
import { to as copyTo } from "pg-copy-streams";
import { benchFolder } from "#bench/bench-folder.ts";
import { printReport } from "#bench/report.ts";
import { uuidOf } from "#lib/domain/ids.ts";
import { getResults } from "#lib/protocol/jobs/jobs.ts";
import { makeKey } from "#lib/testing/builders.ts";
import { buildApp } from "../../scripts/instance/build-app.ts";
import { openClient } from "../../scripts/postgres/with-client.ts";
import { type BenchDatabase, startBenchDatabase } from "../exchange/bench-database.ts";
import { chooseDoor } from "../exchange/doors.ts";
import { type MeasuredServer, startMeasuredServer } from "../exchange/measured-server.ts";
import { openWorld } from "../exchange/world.ts";

/*
 * `npm run bench:results`: a job whose shards are all accepted is downloaded over HTTP from the built app as one stream, while the memory of the app is watched. Beside it
 * the same rows are read by `select` page by page and thrown away, as a stream of one value for each shard has to at least, and sent by `copy`, which is what the database
 * can do.
 */
const SHARDS_DEFAULT = 1_000_000;
const OUTPUT_BYTES = 256;
const INSERT_SHARDS = 50_000;
const PAGE_SHARDS = 4096;
const MEBI = 1024 * 1024;
const MB = 1e6;
/** What a download may add to the memory of the app, however long it is. */
const GROWTH_MIB_MAX = 64;
const WATCHED_MS = 100;

const root = join(import.meta.dirname, "..", "..");
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, shards: { type: "string", default: String(SHARDS_DEFAULT) } } });
const shards = Number(values.shards);
buildApp(root, {}, () => console.log("Building the app, which takes about a minute."));
const database = await startBenchDatabase(benchFolder());
try {
  const { stream, csv, pages, copy } = await measure(database);
  printReport(
    {
      bench: "results",
      rows: [
        { name: "stream-mb-per-s", value: stream.mbPerSecond, unit: "MB/s", peer: pages, ratio: stream.mbPerSecond / pages, target: 50 },
        { name: "stream-csv-mb-per-s", value: csv.mbPerSecond, unit: "MB/s", peer: pages, ratio: csv.mbPerSecond / pages, target: 50 },
        { name: "copy-mb-per-s", value: copy, unit: "MB/s", peer: pages, ratio: copy / pages, target: null },
        { name: "memory-growth-mib", value: Math.max(stream.growthMib, csv.growthMib), unit: "MiB", peer: null, ratio: null, target: GROWTH_MIB_MAX },
      ],
      facts: { ...database.facts, shards: String(shards), outputBytes: String(OUTPUT_BYTES), peer: "select of the same rows" },
    },
    { json: values.json },
  );
} finally {
  await database.stop();
}

async function measure({ withEmpty }: BenchDatabase) {
  return await withEmpty(async ({ databaseUrl, folder }) => {
    const door = await chooseDoor("next");
    const world = await openWorld({ databaseUrl, migrations: join(root, "drizzle"), blobFolder: folder, origin: door.origin, jobs: 1, devices: 0 });
    const { secret: key } = await makeKey(world.services, world.accountIds[0] ?? "acc_");
    const app = await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...door.env }, url: door.origin });
    try {
      await fill(world);
      const ask = { app, url: `${door.origin}${getResults.path.replace("{jobId}", world.jobIds[0] ?? "")}`, key };
      // The first reading warms up the database and the compiler.
      await download(world, ask, "bytes");
      const stream = await download(world, ask, "bytes");
      return { stream, csv: await download(world, ask, "csv"), pages: await readPages(world), copy: await readCopy(world, databaseUrl) };
    } finally {
      await app.stop();
      await world.close();
    }
  });
}

type World = Awaited<ReturnType<typeof openWorld>>;

async function fill({ services: { db }, jobIds }: World): Promise<void> {
  const job = uuidOf(jobIds[0] ?? "job_");
  for (let from = 0; from < shards; from += INSERT_SHARDS) {
    const to = Math.min(shards, from + INSERT_SHARDS) - 1;
    await db`
      insert into shards (job_id, no, verdict, outcome, digest, output, output_bytes, decided_at)
      select ${job}::uuid, no, 'accepted', 'ok', '\\x00', decode(repeat(md5(no::text), 16), 'hex'), 256, now() from generate_series(${from}::int, ${to}::int) as no`;
  }
  await db`insert into job_counters (job_id, stripe, accepted) values (${job}, 0, ${shards})`;
  await db`update jobs set shard_count = ${shards} where id = ${job}`;
  // Otherwise the server would do it in the middle of the measurement.
  await db`vacuum analyze shards`;
}

type Ask = { app: MeasuredServer; url: string; key: string };

async function download({ services, jobIds }: World, { app, url, key }: Ask, format: "bytes" | "csv"): Promise<{ mbPerSecond: number; growthMib: number }> {
  await services.db`update jobs set spec = jsonb_set(spec, '{output,format}', ${services.db.json(format)}) where id = ${uuidOf(jobIds[0] ?? "job_")}`;
  const { rssBytes: before } = await app.usage();
  const startedMs = performance.now();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  if (!(answer.ok && answer.body)) throw new Error(`The app answered with ${answer.status}: ${await answer.text()}`);
  let [bytes, peak, watchedMs] = [0, before, startedMs];
  for await (const part of answer.body) {
    bytes += part.length;
    if (performance.now() - watchedMs < WATCHED_MS) continue;
    watchedMs = performance.now();
    peak = Math.max(peak, (await app.usage()).rssBytes);
  }
  // Where lines are records, an output without a last newline gets one before the next.
  if (bytes < shards * OUTPUT_BYTES || (format === "bytes" && bytes > shards * OUTPUT_BYTES)) throw new Error(`The result has ${bytes} bytes.`);
  return { mbPerSecond: bytes / MB / ((performance.now() - startedMs) / 1000), growthMib: (peak - before) / MEBI };
}

async function readPages({ services: { db }, jobIds }: World): Promise<number> {
  const startedMs = performance.now();
  let [bytes, after] = [0, -1];
  for (;;) {
    const page = await db<{ no: number; output: Uint8Array }[]>`
      select no, output from shards where job_id = ${uuidOf(jobIds[0] ?? "job_")} and no > ${after} order by no limit ${PAGE_SHARDS}`;
    if (page.length === 0) break;
    for (const { output } of page) bytes += output.length;
    after = page.at(-1)?.no ?? after;
  }
  return bytes / MB / ((performance.now() - startedMs) / 1000);
}

async function readCopy({ jobIds }: World, databaseUrl: string): Promise<number> {
  const client = await openClient(databaseUrl);
  const startedMs = performance.now();
  let sent = 0;
  // The name of the job is ours; a copy takes no parameters.
  const rows = client.query(copyTo(`copy (select output from shards where job_id = '${uuidOf(jobIds[0] ?? "job_")}' order by no) to stdout (format binary)`));
  for await (const chunk of rows) sent += (chunk as Buffer).length;
  const seconds = (performance.now() - startedMs) / 1000;
  await client.end();
  if (sent < shards * OUTPUT_BYTES) throw new Error(`The copy has ${sent} bytes.`);
  return (shards * OUTPUT_BYTES) / MB / seconds;
}
