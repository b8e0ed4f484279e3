import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { holdLock } from "../bootstrap/hold-lock.mjs";
import { findFreePort } from "../processes/free-port.ts";
import { findBinaries } from "./binaries.ts";
import { choosePlace, type Place } from "./choose-place.ts";
import { initialiseData, SUPERUSER } from "./initialise-data.ts";
import { findServerUser, serverEnvironment } from "./server-user.ts";
import { stopLeftoverServer } from "./stop-leftover-server.ts";
import { quoteName, withClient } from "./with-client.ts";

const READY_MS = 60_000;
const POLL_MS = 20;
const FAST_STOP_MS = 15_000;

export type PostgresOptions = {
  /** Where the database lives from run to run; moved to /var/tmp where the server's user cannot enter it. */
  folder: string;
  /** Any free port unless given. */
  port?: number;
  /** Created when missing; "shoal" unless given. */
  database?: string;
  /** Server settings beyond the defaults, by their PostgreSQL names. */
  settings?: Record<string, string>;
  /** Whether its URL leads over a Unix socket, which costs both sides less than TCP; where the system or the length of the path allows none, it does not. */
  bySocket?: boolean;
  log?: (line: string) => void;
};

export type PostgresServer = {
  url: string;
  /** Where data, password and log really are. */
  folder: string;
  pid: number;
  /** Resolves when the server has ended, wanted or not. */
  exited: Promise<void>;
  /** Ends the server cleanly: open transactions are rolled back, committed ones are on disk. */
  stop: () => Promise<void>;
};

/** Another running process has a server on the same folder. */
export class PostgresInUseError extends Error {
  override name = "PostgresInUseError";
}

/**
 * Starts a PostgreSQL server that lives as long as this process: it stops by `stop()`, and by itself when this process ends in any other way,
 * kill -9 included. Whatever an earlier run left behind on the folder is recovered first.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const log = options.log ?? (() => {});
  const place = choosePlace({ folder: options.folder, binaries: findBinaries(), user: findServerUser() });
  if (place.base !== resolve(options.folder)) log(`PostgreSQL keeps its data in ${place.base}: the user it runs as cannot use ${options.folder}.`);
  const lock = holdLock(join(place.base, "server.lock"));
  if (lock.holder) {
    throw new PostgresInUseError(`The database in ${place.base} is in use by process ${lock.holder.pid}. Stop that one first: kill ${lock.holder.pid}`);
  }
  try {
    const leftover = await stopLeftoverServer(place.data);
    if (leftover !== null) log(`Stopped a PostgreSQL server (process ${leftover}) that an earlier run left behind.`);
    const password = initialiseData(place);
    const socketFolder = options.bySocket === true && mayHoldSocket(place) ? place.data : "";
    const { server, port } = await spawnServer(place, { ...options, settings: { unix_socket_directories: socketFolder, ...options.settings } });
    const handle = handleOf(server, lock.release, place);
    const url = await openUrl({ port, password, database: options.database ?? "shoal", socketFolder }).catch(async (error: unknown) => {
      await handle.stop();
      throw error;
    });
    return { ...handle, url };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function spawnServer(place: Place, options: PostgresOptions): Promise<{ server: ChildProcess; port: number }> {
  const attemptsMax = options.port === undefined ? 3 : 1;
  for (let attempt = 1; ; attempt++) {
    // Between finding a free port and listening on it, another program may take it.
    const port = options.port ?? (await findFreePort());
    const server = spawnOnPort(place, port, options.settings ?? {});
    const problem = await untilReady(server, place);
    if (problem === null) return { server, port };
    server.kill("SIGQUIT");
    if (attempt === attemptsMax || !problem.includes("Address already in use")) {
      throw new Error(`PostgreSQL did not start on port ${port}. The end of ${join(place.base, "server.log")} says:\n${problem}`);
    }
  }
}

function spawnOnPort(place: Place, port: number, settings: Record<string, string>): ChildProcess {
  const all = { listen_addresses: "127.0.0.1", port: String(port), ...settings };
  const args = ["-D", place.data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const log = openSync(join(place.base, "server.log"), "w", 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal reaches this process, which then stops its parts in order.
    return spawn(join(place.native, "bin", "postgres"), args, {
      cwd: place.base,
      detached: true,
      env: serverEnvironment(),
      stdio: ["ignore", log, log],
      ...place.user,
    });
  } finally {
    closeSync(log);
  }
}

/** Waits until the server takes connections; returns null, or the end of its log when it ended or took too long. */
async function untilReady(server: ChildProcess, place: Place): Promise<string | null> {
  let startError = "";
  server.once("error", (error) => {
    startError = error.message;
  });
  for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += POLL_MS) {
    await sleep(POLL_MS);
    if (startError !== "") return startError;
    if (server.exitCode !== null || server.signalCode !== null) break;
    if (isReady(server, place)) return null;
  }
  return readFileSync(join(place.base, "server.log"), "utf8").split("\n").slice(-15).join("\n");
}

// The server writes its state into the eighth line of its pid file, as pg_ctl reads it.
function isReady(server: ChildProcess, place: Place): boolean {
  try {
    const lines = readFileSync(join(place.data, "postmaster.pid"), "utf8").split("\n");
    return lines[0] === String(server.pid) && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

function handleOf(server: ChildProcess, release: () => void, place: Place): Omit<PostgresServer, "url"> {
  const watcher = spawnWatcher(server, place);
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      watcher.kill("SIGKILL");
      release();
      resolve();
    };
    if (server.exitCode !== null || server.signalCode !== null) end();
    else server.once("exit", end);
  });
  const stop = async () => {
    server.kill("SIGINT");
    const timer = setTimeout(() => server.kill("SIGQUIT"), FAST_STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  return { pid: server.pid ?? 0, folder: place.base, exited, stop };
}

/** A shell that waits on a pipe from this process: when the pipe closes, however this process ended, it asks the server to stop. */
function spawnWatcher(server: ChildProcess, place: Place): ChildProcess {
  const script = 'read -r _; kill -INT "$1"';
  return spawn("/bin/sh", ["-c", script, "sh", String(server.pid)], { cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"], ...place.user });
}

/** A socket's path has room for 107 bytes, and its name takes up to 16 of them. */
function mayHoldSocket({ data }: Place): boolean {
  return process.platform !== "win32" && Buffer.byteLength(data) <= 90;
}

async function openUrl(input: { port: number; password: string; database: string; socketFolder: string }): Promise<string> {
  const query = input.socketFolder === "" ? "" : `?host=${encodeURIComponent(input.socketFolder)}`;
  const urlOf = (database: string) => `postgresql://${SUPERUSER}:${input.password}@127.0.0.1:${input.port}/${database}${query}`;
  await withClient(urlOf("postgres"), async (client) => {
    const found = await client.query("select 1 from pg_database where datname = $1", [input.database]);
    if (found.rowCount === 0) await client.query(`create database ${quoteName(input.database)}`);
  });
  return urlOf(input.database);
}
