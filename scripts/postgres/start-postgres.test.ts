import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, expect, test } from "vitest";
import { processStartedAt } from "../bootstrap/process-identity.mjs";
import { type PostgresServer, startPostgres } from "./start-postgres.ts";
import { withClient } from "./with-client.ts";

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const home = mkdtempSync(join(tmpdir(), "shoal-postgres-test-"));
chmodSync(home, 0o755);
const folders = new Set([home]);
let folder = "";
let tests = 0;

beforeEach(() => {
  folder = join(home, String(tests++), "postgres");
});

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

async function query(server: { url: string }, text: string): Promise<Record<string, unknown>[]> {
  return await withClient(server.url, async (client) => (await client.query(text)).rows);
}

async function untilGone(pid: number, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 20) {
    if (processStartedAt(pid) === "") return true;
    await sleep(20);
  }
  return false;
}

/** Another process that holds a server on the folder until it is killed. */
async function startInChild(where: string, user: { uid?: number; gid?: number } = {}) {
  const program = `import { startPostgres } from ${JSON.stringify(new URL("./start-postgres.ts", import.meta.url).href)};
    const server = await startPostgres({ folder: ${JSON.stringify(where)} });
    console.log(JSON.stringify({ url: server.url, pid: server.pid, folder: server.folder }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], { cwd: "/", stdio: ["ignore", "pipe", "inherit"], ...user });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as { url: string; pid: number; folder: string }) };
}

test("a stopped server leaves no process, and its data is there at the next start", async () => {
  const first = await startPostgres({ folder });
  await query(first, "create table kept as select 42 as answer");
  await first.stop();
  expect(processStartedAt(first.pid)).toBe("");
  const second = await startPostgres({ folder });
  expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);
  await second.stop();
});

test("the server ends by itself when its parent is killed, and the next start has what was committed", async () => {
  const held = await startInChild(folder);
  await query(held, "create table kept as select 7 as answer");
  held.child.kill("SIGKILL");
  expect(await untilGone(held.pid, 5_000)).toBe(true);
  const next = await startPostgres({ folder });
  expect(await query(next, "select answer from kept")).toEqual([{ answer: 7 }]);
  await next.stop();
});

test("a server that outlived parent and watcher is stopped by the next start, and nothing committed is lost", async () => {
  const held = await startInChild(folder);
  await query(held, "create table kept as select 8 as answer");
  const watcher = spawnSync("ps", ["-A", "-o", "pid=,ppid=,command="], { encoding: "utf8" })
    .stdout.split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, parent, command]) => parent === String(held.child.pid) && command === "/bin/sh");
  process.kill(Number(watcher?.[0]), "SIGKILL");
  held.child.kill("SIGKILL");
  await sleep(300);
  expect(processStartedAt(held.pid)).not.toBe("");
  const lines: string[] = [];
  const next = await startPostgres({ folder, log: (line) => lines.push(line) });
  expect(lines.join()).toContain(`process ${held.pid}`);
  expect(processStartedAt(held.pid)).toBe("");
  expect(await query(next, "select answer from kept")).toEqual([{ answer: 8 }]);
  await next.stop();
});

test("a crash of the server itself is recovered from by the next start", async () => {
  const crashed = await startPostgres({ folder });
  await query(crashed, "create table kept as select 9 as answer");
  process.kill(crashed.pid, "SIGKILL");
  await crashed.exited;
  const next = await startPostgres({ folder });
  expect(await query(next, "select answer from kept")).toEqual([{ answer: 9 }]);
  await next.stop();
});

test("a second server on the same folder is refused with the process that has it", async () => {
  const held = await startInChild(folder);
  await expect(startPostgres({ folder })).rejects.toThrow(`in use by process ${held.child.pid}`);
  held.child.kill("SIGTERM");
  expect(await untilGone(held.pid, 5_000)).toBe(true);
});

test("a port that is in use is named, and nothing keeps running", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const address = blocker.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await expect(startPostgres({ folder, port })).rejects.toThrow(`did not start on port ${port}`);
  blocker.close();
  await (await startPostgres({ folder })).stop();
});

test("a first start that was cut off in the middle does not stand in the way of the next", async () => {
  mkdirSync(join(folder, "data-18.new"), { recursive: true });
  writeFileSync(join(folder, "data-18.new", "PG_VERSION"), "18\n");
  const server = await startPostgres({ folder });
  expect(await query(server, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
});

test("the password is random and readable by its owner alone", async () => {
  const server = await startPostgres({ folder });
  const { mode } = statSync(join(server.folder, "password"));
  expect(mode & 0o777).toBe(0o600);
  expect(new URL(server.url).password).toMatch(/^[\w-]{32}$/);
  await expect(query({ url: server.url.replace(/:[^:@]+@/, ":wrong@") }, "select 1")).rejects.toThrow("password authentication failed");
  await server.stop();
});

test("works under a home that only its owner can enter", async () => {
  const closed = mkdtempSync(join(tmpdir(), "shoal-closed-home-"));
  folders.add(closed);
  const server: PostgresServer = await startPostgres({ folder: join(closed, "postgres") });
  if (server.folder !== join(closed, "postgres")) folders.add(server.folder);
  // As root the server runs as somebody else, who cannot pass the home; as a normal user it stays where it was asked to be.
  expect(server.folder.startsWith(closed)).toBe(!isRoot);
  expect(await query(server, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
});

/** Under a closed home nobody else can read this checkout, nor start anything of it. */
const othersMayEnter = spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", import.meta.dirname], { cwd: "/", uid: NOBODY, gid: NOBODY }).status === 0;

test.runIf(isRoot && othersMayEnter)("a normal user's server stays in place under that user's closed home", async () => {
  const closed = mkdtempSync(join(tmpdir(), "shoal-closed-home-"));
  folders.add(closed);
  chownSync(closed, NOBODY, NOBODY);
  const held = await startInChild(join(closed, "postgres"), { uid: NOBODY, gid: NOBODY });
  expect(held.folder).toBe(join(closed, "postgres"));
  expect(statSync(join(held.folder, "data-18")).uid).toBe(NOBODY);
  held.child.kill("SIGTERM");
  expect(await untilGone(held.pid, 5_000)).toBe(true);
});
