import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readInstanceSettings } from "../scripts/instance/instance-settings.ts";
import { type LocalChain, startChain } from "../scripts/instance/start-chain.ts";
import { startPostgres } from "../scripts/postgres/start-postgres.ts";
import { openClient, quoteName } from "../scripts/postgres/with-client.ts";
import { findFreePort } from "../scripts/processes/free-port.ts";
import { ProcessSupervisor } from "../scripts/processes/supervisor.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, ".local", "e2e");

export type TestInstance = {
  url: string;
  /** That of the database server, for further instances beside this one. */
  serverUrl: string;
  databaseUrl: string;
  chain: LocalChain | null;
  /** Ends the app or the background work as a power cut would, and begins it again. */
  kill(name: ProcessName): Promise<void>;
  start(name: ProcessName): Promise<void>;
  stop(): Promise<void>;
};
type ProcessName = "app" | "background";

/**
 * A whole instance of the built app on a free port: its own PostgreSQL server, or the one that TEST_DATABASE_URL names, with a database of this run alone; the app as
 * `next start` serves it; background work. With `withChain` also a chain with the contracts on it, as the demo has it. Grants of silent devices are lost after five
 * seconds instead of 45.
 */
export async function startTestInstance(settings: Record<string, string> = {}, { withChain = false } = {}): Promise<TestInstance> {
  const run = randomBytes(4).toString("hex");
  const runFolder = join(FOLDER, `run-${run}`);
  mkdirSync(runFolder, { recursive: true });
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
    rmSync(runFolder, { recursive: true, force: true });
  };
  try {
    await admin.query(`create database ${quoteName(database)}`);
    const databaseUrl = new URL(serverUrl);
    databaseUrl.pathname = `/${database}`;
    const chain = withChain ? await openChain(supervisor, runFolder) : null;
    const parts = { databaseUrl: databaseUrl.href, runFolder, settings: { ...chain?.env, ...settings } };
    const { url, start } = await startProcesses(supervisor, parts);
    return { url, serverUrl, databaseUrl: databaseUrl.href, chain, kill: (name) => supervisor.kill(name), start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openChain(supervisor: ProcessSupervisor, runFolder: string): Promise<LocalChain> {
  const settings = readInstanceSettings(join(runFolder, "secrets"));
  return await startChain({ folder: join(runFolder, "chain"), supervisor, settings, port: await findFreePort() });
}

type Parts = { databaseUrl: string; runFolder: string; settings: Record<string, string> };
type Started = { url: string; start: TestInstance["start"] };

async function startProcesses(supervisor: ProcessSupervisor, { databaseUrl, runFolder, settings }: Parts): Promise<Started> {
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
    BLOB_FOLDER: join(runFolder, "blobs"),
    DEMO: "true",
    PUSH_CONTACT: "mailto:operator@shoal.example",
    FAUCET_MICRO: "1000000000",
    GRANT_LEASE_MS: "5000",
    RATE_LIMIT_FACTOR: "1000",
    NEXT_TELEMETRY_DISABLED: "1",
    ...settings,
  };
  const app = [join(ROOT, "node_modules/next/dist/bin/next"), "start", "-p", String(port), "-H", "127.0.0.1"];
  const specs = { app: { args: app, readyUrl: `${url}/api/health` }, background: { args: [...onServer, join(ROOT, "ops/background.ts")] } };
  const start = async (name: ProcessName) => void (await supervisor.start({ name, command: node, cwd: ROOT, env, ...specs[name] }));
  await start("app");
  await start("background");
  return { url, start };
}
