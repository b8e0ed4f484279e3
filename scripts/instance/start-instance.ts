import { join, resolve } from "node:path";
import { type Database, startDatabase } from "../postgres/start-database.ts";
import { claimRun } from "../processes/claim-run.ts";
import { findFreePort } from "../processes/free-port.ts";
import { stopOnSignals } from "../processes/stop-on-signals.ts";
import { ProcessSupervisor } from "../processes/supervisor.ts";
import { buildApp } from "./build-app.ts";
import { type InstanceSettings, readInstanceSettings } from "./instance-settings.ts";
import { migrateDatabase } from "./migrate-database.ts";
import { type LocalChain, startChain } from "./start-chain.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..");
const NEXT = join(ROOT, "node_modules/next/dist/bin/next");
/** A thousand of the demo asset. */
const FAUCET_MICRO = "1000000000";

export type Say = (line: string) => void;
export type InstanceOptions = {
  /** Where data, logs and secrets of the instance lie. */
  folder: string;
  /** What a person started, for messages. */
  command: string;
  port: number;
  /** Serves with hot reload instead of building first. */
  isDev: boolean;
  /** What the build, or the development server, is told beyond the environment. */
  buildEnv: Record<string, string>;
  say: Say;
};
export type Instance = {
  url: string;
  settings: InstanceSettings;
  chain: LocalChain;
  /** Where a device's key lies. */
  profileOf(name: string): string;
  /** Starts one of the command line's devices with its own profile; it runs until the instance stops. */
  startDevice(name: string, args: string[]): Promise<void>;
  /** Resolves with 1, having said why, when a part of the instance ends that nobody stopped. */
  failed: Promise<number>;
  stop(): Promise<void>;
};

/** Starts database, app and background work of this checkout, or says who already runs. On Ctrl-C everything stops in reverse order. */
export async function startInstance(options: InstanceOptions): Promise<{ instance: Instance } | { message: string }> {
  const { folder, say } = options;
  const claimed = await claimRun(folder, options.command);
  if ("message" in claimed) return claimed;
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "logs") });
  let database: Database | null = null;
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await supervisor.stopAll();
    await database?.stop();
    claimed.run.release();
  };
  stopOnSignals({
    stop: async () => {
      say("Stopping.");
      await stop();
    },
    kill: () => supervisor.killAll(),
  });
  try {
    database = await startDatabase({ folder: join(folder, "postgres") });
    say(database.server ? "PostgreSQL runs." : "The database of DATABASE_URL answers.");
    await migrateDatabase(database.url);
    if (!options.isDev) buildApp(ROOT, options.buildEnv, () => say("Building the app, which takes about a minute."));
    const port = await choosePort(options);
    const url = `http://localhost:${port}`;
    const settings = readInstanceSettings(join(folder, "secrets"));
    const chain = await startChain({ folder: join(folder, "chain"), supervisor, settings });
    say("A local chain runs, with the contracts on it.");
    await startServers(supervisor, { options, port, env: { ...environment({ url, databaseUrl: database.url, settings, folder }), ...chain.env } });
    claimed.run.record({ url, processes: supervisor.running });
    say(`The app serves at ${url}`);
    const profileOf = (name: string) => join(folder, "devices", name);
    const startDevice: Instance["startDevice"] = async (name, args) => {
      const profile = profileOf(name);
      const cli = [join(ROOT, "cli/shoal.ts"), "volunteer", "--server", url, "--profile", profile, "--cores", "1", ...args];
      await supervisor.start({ name, command: process.execPath, args: cli, cwd: ROOT });
      claimed.run.record({ url, processes: supervisor.running });
    };
    const failed = firstFailure({ supervisor, database, isStopping: () => isStopping });
    return { instance: { url, settings, chain, profileOf, startDevice, failed, stop } };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServers(supervisor: ProcessSupervisor, start: { options: InstanceOptions; port: number; env: Record<string, string> }): Promise<void> {
  const { options, port, env } = start;
  const { isDev } = options;
  await supervisor.start({
    name: "app",
    command: process.execPath,
    args: [NEXT, isDev ? "dev" : "start", "-p", String(port), "-H", "127.0.0.1"],
    cwd: ROOT,
    env: isDev ? { ...env, ...options.buildEnv } : env,
    readyUrl: `http://localhost:${port}/api/health`,
  });
  const background = ["--conditions=react-server", join(ROOT, "ops/background.ts")];
  await supervisor.start({ name: "background", command: process.execPath, args: background, cwd: ROOT, env });
}

function environment(parts: { url: string; databaseUrl: string; settings: InstanceSettings; folder: string }): Record<string, string> {
  const { url, databaseUrl, settings, folder } = parts;
  return {
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: url,
    SESSION_SECRET: settings.sessionSecret,
    BLOB_FOLDER: join(folder, "blobs"),
    DEMO: "true",
    FAUCET_MICRO,
    // Somebody who looks wants to see results become final.
    TRUST_WINDOW_MS_MIN: "5000",
    TRUST_WINDOW_MS_MAX: "20000",
    OPERATOR_ADDRESSES: settings.operator.address,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

async function choosePort(options: InstanceOptions): Promise<number> {
  const port = await findFreePort(options.port);
  if (port !== options.port) options.say(`Port ${options.port} is in use; taking ${port}. Another can be chosen with PORT=<number>.`);
  return port;
}

async function firstFailure(watch: { supervisor: ProcessSupervisor; database: Database; isStopping: () => boolean }): Promise<number> {
  const { supervisor, database } = watch;
  const end = await Promise.race([supervisor.unexpectedEnd, ...(database.server ? [database.server.exited.then(() => null)] : [])]);
  if (watch.isStopping()) return 0;
  console.error(
    end
      ? `\n${end.name} ended by itself (${end.exit}). The end of ${end.logPath} says:\n${end.logTail}`
      : `\nPostgreSQL ended by itself. Its log: ${join(database.server?.folder ?? "", "server.log")}`,
  );
  return 1;
}
