import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { databaseUrl } from "#lib/testing/database/prepare-template.ts";
import { startPostgres } from "../../scripts/postgres/start-postgres.ts";

/** As a small production server: every commit is on disk before it is answered. Room for the log keeps checkpoints out of short windows. */
const SETTINGS = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", shared_buffers: "512MB", max_wal_size: "8GB", max_connections: "100" };

export type BenchDatabase = {
  /** Version and the settings that decide how safe a commit is. */
  facts: Record<string, string>;
  /** Calls `body` with the URL of an empty database and an empty folder, and removes both afterwards. */
  withEmpty<T>(body: (place: { databaseUrl: string; folder: string }) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

/** Starts the bench's own PostgreSQL with its data in `folder`. */
export async function startBenchDatabase(folder: string): Promise<BenchDatabase> {
  await mkdir(folder, { recursive: true });
  const server = await startPostgres({ folder: join(folder, "postgres"), database: "postgres", settings: SETTINGS, log: (line) => console.error(line) });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  let count = 0;
  const withEmpty: BenchDatabase["withEmpty"] = async (body) => {
    const name = `bench_${process.pid}_${++count}`;
    await admin`create database ${admin(name)}`;
    const place = await mkdtemp(join(folder, "files-"));
    try {
      return await body({ databaseUrl: databaseUrl(server.url, name), folder: place });
    } finally {
      // PostgreSQL waits some seconds for connections that are closing; only what a failure left open is cut off.
      await admin`drop database ${admin(name)}`.catch(() => admin`drop database ${admin(name)} with (force)`);
      await admin`checkpoint`;
      await rm(place, { recursive: true, force: true });
    }
  };
  const [version] = await admin<{ server_version: string }[]>`show server_version`;
  const { fsync, synchronous_commit } = SETTINGS;
  const stop = async () => {
    await admin.end();
    await server.stop();
  };
  return { facts: { postgresql: version?.server_version ?? "unknown", fsync, synchronous_commit }, withEmpty, stop };
}
