import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#bench/trust/random.ts";
import { type InstanceSettings, readInstanceSettings } from "../instance/instance-settings.ts";
import { migrateDatabase } from "../instance/migrate-database.ts";
import { type LocalChain, startChain } from "../instance/start-chain.ts";
import { ROOT } from "../instance/start-instance.ts";
import { type PostgresServer, startPostgres } from "../postgres/start-postgres.ts";
import { findFreePort } from "../processes/free-port.ts";
import { ProcessSupervisor } from "../processes/supervisor.ts";
import { BadProxy } from "./bad-proxy.ts";
import { openBlobDisk } from "./blob-disk.ts";
import { KeptProcess } from "./kept-process.ts";
import { TcpGate } from "./tcp-gate.ts";

const APPS = 2;
const FAUCET_MICRO = "1000000000";
const START_MS_MAX = 60_000;
/** So much shorter than in production that what time has to heal heals within a run. */
const HASTE = { GRANT_LEASE_MS: "6000", INDEPENDENT_WAIT_MS: "4000", TRUST_WINDOW_MS_MIN: "1000", TRUST_WINDOW_MS_MAX: "2000" };
const NEXT = join(ROOT, "node_modules/next/dist/bin/next");

export type ChaosInstance = Awaited<ReturnType<typeof openChaosInstance>>;
export type ChaosSetting = {
  folder: string;
  random: Random;
  /** The built app, or its endpoints alone on a bare server. */
  door: "next" | "routes";
  /** How long an app may take until it answers. */
  startMsMax?: number;
};

/**
 * An instance of real processes that can be broken: two apps behind a bad proxy, background work, a PostgreSQL, a chain behind a gate, a disk of its own for
 * artifacts. Whatever ends is started again, as a process manager would. One that cannot be started leaves nothing behind.
 */
export async function openChaosInstance({ folder, random, door, startMsMax = START_MS_MAX }: ChaosSetting) {
  await using opening = new AsyncDisposableStack();
  mkdirSync(folder, { recursive: true });
  const database = await DatabaseServer.start(join(folder, "postgres"));
  opening.defer(() => database.stop());
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "logs") });
  // The chain is no process of Node's, which would notice by itself when this one ends.
  const killAll = () => supervisor.killAll();
  process.once("exit", killAll);
  opening.defer(async () => {
    await supervisor.stopAll();
    process.off("exit", killAll);
  });
  await migrateDatabase(database.url);
  const disk = openBlobDisk(join(folder, "blobs"));
  opening.defer(() => disk.close());
  const settings = readInstanceSettings(join(folder, "secrets"));
  const chain = await startChain({ folder: join(folder, "chain"), supervisor, settings });
  const gate = new TcpGate(Number(new URL(chain.rpcUrl).port));
  const [proxyPort, gatePort, ...appPorts] = await freePorts(2 + APPS);
  await gate.listen(gatePort as number);
  opening.defer(() => gate.close());
  const url = `http://127.0.0.1:${proxyPort}`;
  const env = { ...environment({ url, folder, database: database.url, blobs: disk.folder, settings }), ...chain.env };
  const clockOf = (name: string) => join(folder, `clock-${name}`);
  const aged = (name: string) => ({ ...env, CHAIN_RPC_URL: `http://127.0.0.1:${gatePort}`, SHOAL_CLOCK_FILE: clockOf(name), NODE_OPTIONS: SKEWED });
  const apps = appPorts.map(
    (port, i) => new KeptProcess(supervisor, appSpec({ name: `app-${i + 1}`, port, door, env: aged(`app-${i + 1}`), url, readyMs: startMsMax })),
  );
  const background = new KeptProcess(supervisor, {
    name: "background",
    command: process.execPath,
    args: ["--conditions=react-server", join(ROOT, "ops/background.ts")],
    cwd: ROOT,
    env: aged("background"),
  });
  const proxy = new BadProxy(appPorts, random);
  await proxy.listen(proxyPort as number);
  opening.defer(() => proxy.close());
  const servers = [...apps, background];
  opening.defer(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  await Promise.all(servers.map((server) => server.start()));
  const opened = opening.move();
  return {
    url,
    env,
    folder,
    supervisor,
    database,
    disk,
    settings,
    chain: chain as LocalChain,
    gate,
    proxy,
    apps: apps.map((process, i) => ({ process, port: appPorts[i] as number })),
    background,
    servers,
    /** A device of the command line with a profile of its own; `extra` are further options of it. */
    makeDevice(name: string, extra: string[] = []): KeptProcess {
      const args = [join(ROOT, "cli/shoal.ts"), "volunteer", "--server", url, "--profile", join(folder, name), "--cores", "1", ...extra];
      const skewed = { SHOAL_CLOCK_FILE: clockOf(name), NODE_OPTIONS: SKEWED };
      return new KeptProcess(supervisor, { name, command: process.execPath, args, cwd: ROOT, env: skewed });
    },
    /** Sets the wall clock of a process off by so much. */
    setClock: (name: string, skewMs: number) => writeFileSync(clockOf(name), String(skewMs)),
    close: async () => await opened.disposeAsync(),
  };
}

const SKEWED = `--import=${new URL("./skew-clock.mjs", import.meta.url).href}`;

/** Different ports, found together: one that is free but not yet listened on would be found twice. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await findFreePort());
  return [...ports];
}

type App = { name: string; port: number; door: ChaosSetting["door"]; env: Record<string, string>; url: string; readyMs: number };

function appSpec({ name, port, door, env, url, readyMs }: App) {
  const args =
    door === "next"
      ? [NEXT, "start", "-p", String(port), "-H", "127.0.0.1"]
      : ["--conditions=react-server", join(ROOT, "lib/testing/instance/serve-routes.ts")];
  const readyUrl = `http://127.0.0.1:${port}/api/${door === "next" ? "health" : "v1/legal"}`;
  return { name, command: process.execPath, args, cwd: ROOT, env: { ...env, PORT: String(port), PUBLIC_URL: url }, readyUrl, readyMs };
}

function environment(parts: { url: string; folder: string; database: string; blobs: string; settings: InstanceSettings }): Record<string, string> {
  return {
    DATABASE_URL: parts.database,
    PUBLIC_URL: parts.url,
    SESSION_SECRET: parts.settings.sessionSecret,
    BLOB_FOLDER: parts.blobs,
    DEMO: "true",
    FAUCET_MICRO,
    FEE_BPS: "500",
    OPERATOR_ADDRESSES: parts.settings.operator.address,
    // Tens of devices come from one address here.
    RATE_LIMIT_FACTOR: "10000",
    NEXT_TELEMETRY_DISABLED: "1",
    ...HASTE,
  };
}

/** PostgreSQL on one port for the whole run, whatever happens to its processes. */
class DatabaseServer {
  readonly #options: { folder: string; port: number };
  #server: PostgresServer;

  private constructor(options: { folder: string; port: number }, server: PostgresServer) {
    this.#options = options;
    this.#server = server;
  }

  static async start(folder: string): Promise<DatabaseServer> {
    rmSync(folder, { recursive: true, force: true });
    const options = { folder, port: await findFreePort() };
    return new DatabaseServer(options, await startPostgres(options));
  }

  get url(): string {
    return this.#server.url;
  }

  /** Ends the server, at once with SIGKILL or cleanly, and starts it again after so many milliseconds. */
  async restart(how: "kill" | "stop", downMs: number): Promise<void> {
    const { exited, pid, stop } = this.#server;
    if (how === "kill") process.kill(pid, "SIGKILL");
    else await stop();
    await exited;
    await sleep(downMs);
    this.#server = await startPostgres(this.#options);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}
