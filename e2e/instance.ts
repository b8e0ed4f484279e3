import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { startPostgres } from "../scripts/postgres/start-postgres.ts";
import { openClient, quoteName } from "../scripts/postgres/with-client.ts";
import { findFreePort } from "../scripts/processes/free-port.ts";
import { ProcessSupervisor } from "../scripts/processes/supervisor.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, ".local", "e2e");

/** `serverUrl` is that of the database server, for further instances beside this one. */
export type TestInstance = { url: string; serverUrl: string; stop(): Promise<void> };

/**
 * A whole instance of the built app on a free port: its own PostgreSQL server, or the one that TEST_DATABASE_URL names, with a database of this run alone; the app as
 * `next start` serves it; background work. Grants of silent devices are lost after five seconds instead of 45.
 */
export async function startTestInstance(settings: Record<string, string> = {}): Promise<TestInstance> {
  const run = randomBytes(4).toString("hex");
  const blobFolder = join(FOLDER, `blobs-${run}`);
  mkdirSync(blobFolder, { recursive: true });
  const supervisor = new ProcessSupervisor({ logFolder: join(FOLDER, "logs") });
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? null : await startPostgres({ folder: join(ROOT, ".local", "postgres-e2e"), settings: { fsync: "off", synchronous_commit: "off" } });
  const serverUrl = given ?? server?.url ?? "";
  const admin = await openClient(serverUrl);
  const database = `shoal_e2e_${run}`;
  const stop = async () => {
    await supervisor.stopAll();
    await admin.query(`drop database if exists ${quoteName(database)} with (force)`);
    await admin.end();
    await server?.stop();
    rmSync(blobFolder, { recursive: true, force: true });
  };
  try {
    await admin.query(`create database ${quoteName(database)}`);
    const databaseUrl = new URL(serverUrl);
    databaseUrl.pathname = `/${database}`;
    const url = await startProcesses(supervisor, { databaseUrl: databaseUrl.href, blobFolder, settings });
    return { url, serverUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Parts = { databaseUrl: string; blobFolder: string; settings: Record<string, string> };

async function startProcesses(supervisor: ProcessSupervisor, { databaseUrl, blobFolder, settings }: Parts): Promise<string> {
  const node = process.execPath;
  const onServer = ["--conditions=react-server"];
  await promisify(execFile)(node, [...onServer, join(ROOT, "scripts/migrate.ts")], { cwd: ROOT, env: { ...process.env, DATABASE_URL: databaseUrl } });
  const port = await findFreePort();
  // By a name, because passkeys are bound to one.
  const url = `http://localhost:${port}`;
  const env = {
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: url,
    SESSION_SECRET: randomBytes(32).toString("hex"),
    BLOB_FOLDER: blobFolder,
    DEMO: "true",
    FAUCET_MICRO: "1000000000",
    GRANT_LEASE_MS: "5000",
    RATE_LIMIT_FACTOR: "1000",
    NEXT_TELEMETRY_DISABLED: "1",
    ...settings,
  };
  const app = [join(ROOT, "node_modules/next/dist/bin/next"), "start", "-p", String(port), "-H", "127.0.0.1"];
  await supervisor.start({ name: "app", command: node, args: app, cwd: ROOT, env, readyUrl: `${url}/api/health` });
  await supervisor.start({ name: "background", command: node, args: [...onServer, join(ROOT, "ops/background.ts")], cwd: ROOT, env });
  return url;
}
