import { join } from "node:path";
import { parseArgs } from "node:util";
import { to as copyTo } from "pg-copy-streams";
import { benchFolder } from "#bench/bench-folder.ts";
import { printReport } from "#bench/report.ts";
import { uuidOf } from "#lib/domain/ids.ts";
import { getResults } from "#lib/server/jobs/get-results.ts";
import { openClient } from "../../scripts/postgres/with-client.ts";
import { type BenchDatabase, startBenchDatabase } from "../exchange/bench-database.ts";
import { openWorld } from "../exchange/world.ts";

/*
 * `npm run bench:results`: a job whose shards are all accepted is downloaded as one stream, while the memory of the process is watched. Beside it the same rows
 * are read by `select` page by page and thrown away, as a stream of one value for each shard has to at least, and sent by `copy`, which is what the database can do.
 */
const SHARDS_DEFAULT = 1_000_000;
const OUTPUT_BYTES = 256;
const INSERT_SHARDS = 50_000;
const PAGE_SHARDS = 4096;
const MEBI = 1024 * 1024;
const MB = 1e6;

const root = join(import.meta.dirname, "..", "..");
const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, shards: { type: "string", default: String(SHARDS_DEFAULT) } } });
const shards = Number(values.shards);
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
        { name: "memory-growth-mib", value: Math.max(stream.growthMib, csv.growthMib), unit: "MiB", peer: null, ratio: null, target: null },
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
    const shape = { databaseUrl, migrations: join(root, "drizzle"), blobFolder: folder, origin: "http://127.0.0.1:4300", jobs: 1, devices: 0 };
    const world = await openWorld(shape);
    try {
      await fill(world);
      // The first reading warms up the database and the compiler.
      await download(world, "bytes");
      const stream = await download(world, "bytes");
      return { stream, csv: await download(world, "csv"), pages: await readPages(world), copy: await readCopy(world, databaseUrl) };
    } finally {
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

async function download({ services, jobIds }: World, format: "bytes" | "csv"): Promise<{ mbPerSecond: number; growthMib: number }> {
  const [jobId] = jobIds;
  await services.db`update jobs set spec = jsonb_set(spec, '{output,format}', ${services.db.json(format)}) where id = ${uuidOf(jobId ?? "job_")}`;
  const [row] = await services.db<{ id: string }[]>`select account_id as id from jobs where id = ${uuidOf(jobId ?? "job_")}`;
  const principal = { kind: "account" as const, accountId: `acc_${row?.id.replaceAll("-", "")}` as const, address: "0x0", roles: [], scopes: null };
  const { body } = await getResults({ ...services, principal }, { jobId: jobId ?? "job_" });
  const before = process.memoryUsage().rss;
  const startedMs = performance.now();
  let [bytes, peak] = [0, before];
  for await (const part of body) {
    bytes += part.length;
    peak = Math.max(peak, process.memoryUsage.rss());
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
