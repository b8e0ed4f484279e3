import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { processStartedAt } from "../bootstrap/process-identity.mjs";
import { findFreePort } from "./free-port.ts";
import { ProcessSupervisor } from "./supervisor.ts";

const folder = mkdtempSync(join(tmpdir(), "shoal-supervisor-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Node program that starts a child of its own, writes both pids, and stays. */
const PARENT_WITH_CHILD = `const { spawn } = require("node:child_process");
  const child = spawn("sleep", ["1000"]);
  console.log(JSON.stringify([process.pid, child.pid]));
  setInterval(() => {}, 1000);`;

async function pidsFrom(logPath: string): Promise<number[]> {
  for (;;) {
    const line = readFileSync(logPath, "utf8")
      .split("\n")
      .find((text) => text.startsWith("["));
    if (line) return JSON.parse(line) as number[];
    await sleep(20);
  }
}

async function untilGone(pids: number[], withinMs: number): Promise<number[]> {
  const alive = () => pids.filter((pid) => processStartedAt(pid) !== "");
  for (let waitedMs = 0; alive().length > 0 && waitedMs < withinMs; waitedMs += 20) await sleep(20);
  return alive();
}

test("stops the last started process first, and their children with them", async () => {
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "order") });
  const orderPath = join(folder, "order.txt");
  writeFileSync(orderPath, "");
  const noting = (name: string) =>
    `process.on("SIGTERM", () => { require("node:fs").appendFileSync(${JSON.stringify(orderPath)}, ${JSON.stringify(`${name} `)}); process.exit(0); });${PARENT_WITH_CHILD}`;
  const first = await supervisor.start({ name: "first", command: process.execPath, args: ["-e", noting("first")] });
  const second = await supervisor.start({ name: "second", command: process.execPath, args: ["-e", noting("second")] });
  const pids = [...(await pidsFrom(first.logPath)), ...(await pidsFrom(second.logPath))];
  expect(await untilGone(pids, 0)).toHaveLength(4);
  await supervisor.stopAll();
  expect(readFileSync(orderPath, "utf8")).toBe("second first ");
  expect(await untilGone(pids, 2_000)).toEqual([]);
});

test("ends a process that ignores SIGTERM after the grace", async () => {
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "stubborn"), graceMs: 200 });
  const program = `process.on("SIGTERM", () => {});${PARENT_WITH_CHILD}`;
  const { logPath } = await supervisor.start({ name: "stubborn", command: process.execPath, args: ["-e", program] });
  const pids = await pidsFrom(logPath);
  await supervisor.stopAll();
  expect(await untilGone(pids, 2_000)).toEqual([]);
});

test("waits until the address answers, and tells the end of the log when the process ends before", async () => {
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "ready") });
  const port = await findFreePort();
  const serve = `setTimeout(() => require("node:http").createServer((_, response) => response.end("ok")).listen(${port}, "127.0.0.1"), 200)`;
  await supervisor.start({ name: "web", command: process.execPath, args: ["-e", serve], readyUrl: `http://127.0.0.1:${port}/` });
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("ok");
  const broken = {
    name: "broken",
    command: process.execPath,
    args: ["-e", 'console.error("no such setting"); process.exit(3)'],
    readyUrl: `http://127.0.0.1:${await findFreePort()}/`,
  };
  await expect(supervisor.start(broken)).rejects.toThrow(/broken ended before it was ready[\s\S]*no such setting/);
  await supervisor.stopAll();
});

test("reports a process that ends by itself, and not one that was stopped", async () => {
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "ends") });
  await supervisor.start({ name: "steady", command: "sleep", args: ["1000"] });
  await supervisor.start({ name: "fragile", command: "sh", args: ["-c", "echo out of fuel; exit 4"] });
  expect(await supervisor.unexpectedEnd).toMatchObject({ name: "fragile", exit: 4, logTail: "out of fuel" });
  await supervisor.stopAll();
  expect(supervisor.running).toEqual([]);
});

test("a program that does not exist is named", async () => {
  const supervisor = new ProcessSupervisor({ logFolder: join(folder, "missing") });
  await expect(supervisor.start({ name: "ghost", command: join(folder, "nothing-here"), args: [] })).rejects.toThrow("ghost did not start");
});

test("no process is left when the supervisor is killed without a word", async () => {
  const logFolder = join(folder, "killed");
  const program = `import { ProcessSupervisor } from ${JSON.stringify(new URL("./supervisor.ts", import.meta.url).href)};
    const supervisor = new ProcessSupervisor({ logFolder: ${JSON.stringify(logFolder)} });
    const nested = 'const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);' +
      'const other = require("node:child_process").spawn("sleep", ["1000"]);' +
      'console.log(JSON.stringify([process.pid, child.pid, other.pid])); setInterval(() => {}, 1000);';
    await supervisor.start({ name: "nested", command: process.execPath, args: ["-e", nested] });
    console.log("started");
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(parent.stdout, "data");
  const pids = await pidsFrom(join(logFolder, "nested.log"));
  expect(await untilGone(pids, 0)).toHaveLength(3);
  parent.kill("SIGKILL");
  expect(await untilGone(pids, 5_000)).toEqual([]);
});

test("a busy port gives way to the next free one", async () => {
  const port = await findFreePort(41_000);
  const blocker = spawn(process.execPath, ["-e", `require("node:net").createServer().listen(${port}, () => console.log("listening"))`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(blocker.stdout, "data");
  expect(await findFreePort(port)).toBeGreaterThan(port);
  blocker.kill();
});
