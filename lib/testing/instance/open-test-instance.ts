import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pino } from "pino";
import type { AccountId } from "#lib/domain/ids.ts";
import { KEY_SCOPES, type KeyScope } from "#lib/protocol/endpoint.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { openFileBlobStore } from "#lib/server/artifacts/file-blob-store.ts";
import { readConfig } from "#lib/server/config/config.ts";
import type { Services } from "#lib/server/context.ts";
import { makeAccount } from "../builders.ts";
import { openTestDatabase } from "../database/open-test-database.ts";

const ROOT = resolve(import.meta.dirname, "..", "..", "..");
const START_MS_MAX = 60_000;

export type TestInstance = {
  url: string;
  services: Services;
  /** An account with money and a key of it. */
  makeOwner(scopes?: KeyScope[]): Promise<{ accountId: AccountId; key: string }>;
  /** A device of the command line with one core, as a process of its own, with further options; its process id. */
  startDevice(options?: readonly string[]): Promise<number>;
  close(): Promise<void>;
};

export type TestInstanceOptions = {
  /** The HTML of its front page, and the script that stands at /script.js. */
  page?: string;
  script?: string;
  /** Settings of its own. */
  env?: Record<string, string>;
  /** Whether its duties run too. */
  hasBackground?: boolean;
};

/** An instance as processes: its endpoints, its duties if asked for, and as many devices as are started. Database and blobs are its own. Close it in `afterAll`. */
export async function openTestInstance(served: TestInstanceOptions = {}): Promise<TestInstance> {
  const database = await openTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "shoal-instance-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    DATABASE_URL: database.url,
    PUBLIC_URL: url,
    SESSION_SECRET: "a secret that only tests know, 32+ characters",
    BLOB_FOLDER: join(folder, "blobs"),
    DEMO: "true",
    FAUCET_MICRO: "1000000000",
    ...served.env,
  };
  const children: ChildProcess[] = [];
  const start = (args: string[], extra: Record<string, string>) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env, ...extra }, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return child;
  };
  const site = served.page === undefined ? {} : { PAGE: served.page, SCRIPT: join(folder, "script.js") };
  if (served.script !== undefined) await writeFile(join(folder, "script.js"), served.script);
  const server = start(["--conditions=react-server", join(import.meta.dirname, "serve-routes.ts")], { PORT: String(port), ...site });
  await said(server, "ready");
  if (served.hasBackground) start(["--conditions=react-server", join(ROOT, "ops/background.ts")], {});
  const services: Services = {
    db: database.db,
    clock: { now: () => new Date() },
    log: pino({ level: "silent" }),
    blobs: await openFileBlobStore(env.BLOB_FOLDER),
    config: readConfig(env),
  };
  return {
    url,
    services,
    async makeOwner(scopes = [...KEY_SCOPES]) {
      const { accountId, ctx } = await makeAccount(services);
      const { secret } = await createKey(ctx, { name: "test", scopes });
      return { accountId, key: secret };
    },
    async startDevice(options = []) {
      const profile = join(folder, `device-${children.length}`);
      const child = start([join(ROOT, "cli/shoal.ts"), "volunteer", "--server", url, "--profile", profile, "--cores", "1", ...options], {});
      await said(child, "Computing for");
      return child.pid ?? 0;
    },
    async close() {
      await Promise.all(children.map(end));
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a process says something; fails with all it said when it ends before. */
async function said(child: ChildProcess, words: string): Promise<void> {
  let output = "";
  await new Promise<void>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`A process did not say “${words}”: ${output}`)), START_MS_MAX);
    const onData = (chunk: Buffer) => {
      output += chunk;
      if (!output.includes(words)) return;
      clearTimeout(timer);
      done();
    };
    child.stdout?.on("data", onData);
    child.stderr?.on("data", onData);
    child.once("close", () => fail(new Error(`A process ended: ${output}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((done) => child.once("close", done));
  child.kill("SIGKILL");
  await closed;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
