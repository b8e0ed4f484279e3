import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { databaseUrl } from "#lib/testing/database/prepare-template.ts";
import { startPostgres } from "../../scripts/postgres/start-postgres.ts";
import { openClient, quoteName } from "../../scripts/postgres/with-client.ts";
import { treeCpuMicros } from "./process-cpu.ts";

/** As a small production server: every commit is on disk before it is answered. Room for the log keeps checkpoints out of short windows. */
const SETTINGS = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", shared_buffers: "512MB", max_wal_size: "8GB", max_connections: "100" };

const PREFIX = "bench_";

export type BenchPlace = { folder: string; medium: "disk" | "memory" };
export type BenchDatabase = {
  /** Version and the settings that decide how safe a commit is. */
  facts: Record<string, string>;
  /** Processor time of the server and its backends since it started, in microseconds; null where the system does not say. */
  cpuMicros(): Promise<number | null>;
  /** Calls `body` with the URL of an empty database and an empty folder, and removes both afterwards. */
  withEmpty<T>(body: (place: { databaseUrl: string; folder: string }) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

/** Starts the bench's own PostgreSQL with its data in `place`; `countsStatements` has it count what each statement costs, which costs some itself. */
export async function startBenchDatabase(place: BenchPlace, { countsStatements = false } = {}): Promise<BenchDatabase> {
  const { folder, medium } = place;
  const settings = { ...SETTINGS, ...(countsStatements ? { shared_preload_libraries: "pg_stat_statements", "pg_stat_statements.track_planning": "on" } : {}) };
  const server = await startPostgres({ folder: join(folder, "postgres"), database: "postgres", settings, bySocket: true, log: (line) => console.error(line) });
  const admin = await openClient(server.url);
  await clearLeftovers(admin, folder);
  let count = 0;
  const withEmpty: BenchDatabase["withEmpty"] = async (body) => {
    const name = `${PREFIX}${process.pid}_${++count}`;
    await admin.query(`create database ${quoteName(name)}`);
    const place = await mkdtemp(join(folder, PREFIX));
    try {
      return await body({ databaseUrl: databaseUrl(server.url, name), folder: place });
    } finally {
      // PostgreSQL waits some seconds for connections that are closing; only what a failure left open is cut off.
      await admin.query(`drop database ${quoteName(name)}`).catch(() => admin.query(`drop database ${quoteName(name)} with (force)`));
      await admin.query("checkpoint");
      await rm(place, { recursive: true, force: true });
    }
  };
  const version = (await admin.query<{ server_version: string }>("show server_version")).rows[0];
  const { fsync, synchronous_commit } = SETTINGS;
  const stop = async () => {
    await admin.end();
    await server.stop();
  };
  return {
    facts: {
      postgresql: version?.server_version ?? "unknown",
      fsync,
      synchronous_commit,
      medium,
      reached: server.url.includes("?host=") ? "by socket" : "by TCP",
    },
    cpuMicros: async () => await treeCpuMicros(server.pid),
    withEmpty,
    stop,
  };
}

/** Removes what a run that was killed left behind; this process alone has the server and the folder. */
async function clearLeftovers(admin: pg.Client, folder: string): Promise<void> {
  const databases = await admin.query<{ datname: string }>("select datname from pg_database where starts_with(datname, $1)", [PREFIX]);
  for (const { datname } of databases.rows) await admin.query(`drop database ${quoteName(datname)} with (force)`);
  for (const name of await readdir(folder)) if (name.startsWith(PREFIX)) await rm(join(folder, name), { recursive: true });
}
