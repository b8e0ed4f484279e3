import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { type Database, startDatabase } from "../postgres/start-database.ts";
import { claimRun } from "../processes/claim-run.ts";
import { findFreePort } from "../processes/free-port.ts";
import { stopOnSignals } from "../processes/stop-on-signals.ts";
import { ProcessSupervisor } from "../processes/supervisor.ts";
import { buildApp } from "./build-app.ts";
import { type DemoSettings, readDemoSettings } from "./demo-settings.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..");
const LOCAL = join(ROOT, ".local");
const NEXT = join(ROOT, "node_modules/next/dist/bin/next");
const PORT_DEFAULT = 3000;
const BUILD_ENV = { NEXT_PUBLIC_DEMO_WALLET: "1" };
/** A thousand of the demo asset. */
const FAUCET_MICRO = "1000000000";

export type Say = (line: string) => void;
export type Instance = {
  url: string;
  settings: DemoSettings;
  supervisor: ProcessSupervisor;
  /** Starts one of the command line's devices with its own profile; it runs until the instance stops. */
  startDevice(name: string, args: string[]): Promise<void>;
  /** Resolves with 1, having said why, when a part of the instance ends that nobody stopped. */
  failed: Promise<number>;
  stop(): Promise<void>;
};

/** Starts database, app and background work of this checkout, or says who already runs. On Ctrl-C everything stops in reverse order. */
export async function startInstance(options: { isDev: boolean; say: Say }): Promise<{ instance: Instance } | { message: string }> {
  const { isDev, say } = options;
  const claimed = await claimRun(LOCAL, isDev ? "npm run dev" : "npm run demo");
  if ("message" in claimed) return claimed;
  const supervisor = new ProcessSupervisor({ logFolder: join(LOCAL, "logs") });
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
      console.log("\nStopping.");
      await stop();
    },
    kill: () => supervisor.killAll(),
  });
  try {
    database = await startDatabase({ folder: join(LOCAL, "postgres") });
    say(database.server ? "PostgreSQL runs." : "The database of DATABASE_URL answers.");
    await runNode(["--conditions=react-server", join(ROOT, "scripts/migrate.ts")], { DATABASE_URL: database.url });
    if (!isDev && buildApp(ROOT, BUILD_ENV)) say("The app is built.");
    const port = await choosePort(say);
    const url = `http://localhost:${port}`;
    const settings = readDemoSettings(join(LOCAL, "demo"));
    const env = environment({ url, databaseUrl: database.url, settings });
    await supervisor.start({
      name: "app",
      command: process.execPath,
      args: [NEXT, isDev ? "dev" : "start", "-p", String(port), "-H", "127.0.0.1"],
      cwd: ROOT,
      env: isDev ? { ...env, ...BUILD_ENV } : env,
      readyUrl: `${url}/api/health`,
    });
    await supervisor.start({
      name: "background",
      command: process.execPath,
      args: ["--conditions=react-server", join(ROOT, "ops/background.ts")],
      cwd: ROOT,
      env,
    });
    claimed.run.record({ url, processes: supervisor.running });
    say(`The app serves at ${url}`);
    const startDevice: Instance["startDevice"] = async (name, args) => {
      const profile = join(settings.folder, name);
      await supervisor.start({
        name,
        command: process.execPath,
        args: [join(ROOT, "cli/shoal.ts"), "volunteer", "--server", url, "--profile", profile, "--cores", "1", ...args],
        cwd: ROOT,
      });
      claimed.run.record({ url, processes: supervisor.running });
    };
    return { instance: { url, settings, supervisor, startDevice, failed: firstFailure({ supervisor, database, isStopping: () => isStopping }), stop } };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environment(parts: { url: string; databaseUrl: string; settings: DemoSettings }): Record<string, string> {
  const { url, databaseUrl, settings } = parts;
  return {
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: url,
    SESSION_SECRET: settings.sessionSecret,
    BLOB_FOLDER: join(LOCAL, "blobs"),
    DEMO: "true",
    FAUCET_MICRO,
    OPERATOR_ADDRESSES: settings.operator.address,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

async function choosePort(say: Say): Promise<number> {
  const wanted = Number(process.env.PORT ?? PORT_DEFAULT);
  const port = await findFreePort(wanted);
  if (port !== wanted) say(`Port ${wanted} is in use; taking ${port}. Another can be chosen with PORT=<number>.`);
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

/** Runs a Node program to its end; fails with what it printed. */
async function runNode(args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk));
  const code = await new Promise((resolve_) => child.once("close", resolve_));
  if (code !== 0) throw new Error(output.trim());
}
