import PgBoss from "pg-boss";
import { openClient } from "../../scripts/postgres/with-client.ts";

/** Processes no-op jobs and returns how many it finished per second. The database is empty and its own. */
export type Peer = { row: string; measure: (databaseUrl: string, seconds: number) => Promise<number> };

/** As many loops as the exchange has devices. */
const LOOPS = 8;
const INSERT_CHUNK = 10_000;

/** A backlog that lasts about as long as asked, for what each setting gets done per second; its index stays as small as a queue in use has it. */
const GRAPHILE_JOBS_PER_S = 60_000;
const PG_BOSS_JOBS_PER_S = { 1: 400, 32: 6000, 500: 30_000 } as const;

export const PEERS: readonly Peer[] = [
  { row: "peer/graphile-worker/jobs-per-s", measure: measureGraphileWorker },
  { row: "peer/pg-boss/jobs-per-s", measure: (url, seconds) => measurePgBoss(url, seconds, 500) },
  { row: "peer/pg-boss/jobs-per-s/batch-32", measure: (url, seconds) => measurePgBoss(url, seconds, 32) },
  { row: "peer/pg-boss/jobs-per-s/batch-1", measure: (url, seconds) => measurePgBoss(url, seconds, 1) },
];

/** graphile-worker with the settings its page on performance gives for its best figures. */
async function measureGraphileWorker(databaseUrl: string, seconds: number): Promise<number> {
  // Read when the module loads; without it every job prints a line.
  process.env.NO_LOG_SUCCESS = "1";
  const { Logger, run, runMigrations } = await import("graphile-worker");
  const logger = new Logger(() => () => {});
  const jobs = Math.ceil(GRAPHILE_JOBS_PER_S * seconds);
  await runMigrations({ connectionString: databaseUrl, logger });
  const client = await openClient(databaseUrl);
  try {
    await client.query(
      `select graphile_worker.add_jobs(array(
        select json_populate_record(null::graphile_worker.job_spec, json_build_object('identifier', 'noop', 'payload', json_build_object('id', i)))
        from generate_series(1, $1::int) as i))`,
      [jobs],
    );
    await client.query("vacuum analyze");
    const allRan = Promise.withResolvers<void>();
    let startedMs: number | null = null;
    let ran = 0;
    const noop = async () => {
      startedMs ??= performance.now();
      ran += 1;
      if (ran === jobs) allRan.resolve();
    };
    const worker = {
      connectionString: databaseUrl,
      concurrentJobs: 24,
      maxPoolSize: 25,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    };
    const runner = await run({ preset: { worker: { ...worker, logger } }, taskList: { noop }, noHandleSignals: true });
    await Promise.race([allRan.promise, runner.promise]);
    // Stopping writes the completions that are still held back.
    await runner.stop();
    const elapsedMs = performance.now() - (startedMs ?? 0);
    const left = (await client.query<{ jobs: number }>("select count(*)::int as jobs from graphile_worker.jobs")).rows[0];
    if (left?.jobs !== 0) throw new Error(`graphile-worker left ${left?.jobs} of ${jobs} jobs.`);
    return jobs / (elapsedMs / 1000);
  } finally {
    await client.end();
  }
}

/** pg-boss by fetch and complete in batches, without its optional order by priority, its schedules and its maintenance. */
async function measurePgBoss(databaseUrl: string, seconds: number, batchSize: keyof typeof PG_BOSS_JOBS_PER_S): Promise<number> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: LOOPS, supervise: false, schedule: false });
  boss.on("error", (error) => console.error(`pg-boss: ${error.message}`));
  const client = await openClient(databaseUrl);
  try {
    await boss.start();
    await boss.createQueue("noop");
    const jobs = Math.ceil(PG_BOSS_JOBS_PER_S[batchSize] * seconds);
    for (let inserted = 0; inserted < jobs; inserted += INSERT_CHUNK)
      await boss.insert(Array.from({ length: Math.min(INSERT_CHUNK, jobs - inserted) }, (_, i) => ({ name: "noop", data: { id: inserted + i } })));
    await client.query("vacuum analyze");
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: LOOPS }, () => drain(boss, batchSize)));
    const elapsedMs = performance.now() - startedMs;
    const done = (await client.query<{ jobs: number }>("select count(*)::int as jobs from pgboss.job where state = 'completed'")).rows[0];
    if (done?.jobs !== jobs) throw new Error(`pg-boss completed ${done?.jobs} of ${jobs} jobs.`);
    return jobs / (elapsedMs / 1000);
  } finally {
    await boss.stop({ graceful: false });
    await client.end();
  }
}

async function drain(boss: PgBoss, batchSize: number): Promise<void> {
  for (;;) {
    const jobs = await boss.fetch("noop", { batchSize, priority: false });
    if (jobs.length === 0) return;
    await boss.complete(
      "noop",
      jobs.map((job) => job.id),
    );
  }
}
