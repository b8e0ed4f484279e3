import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { processStartedAt } from "../bootstrap/process-identity.mjs";
import { claimRun } from "./claim-run.ts";

const home = mkdtempSync(join(tmpdir(), "shoal-run-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A run in another process, with one process of its own that does not watch its parent. */
async function runInChild(folder: string) {
  const program = `import { spawn } from "node:child_process";
    import { claimRun } from ${JSON.stringify(new URL("./claim-run.ts", import.meta.url).href)};
    import { processStartedAt } from ${JSON.stringify(new URL("../bootstrap/process-identity.mjs", import.meta.url).href)};
    const claimed = await claimRun(${JSON.stringify(folder)}, "npm run demo");
    const { pid } = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    claimed.run.record({ url: "http://localhost:3999", processes: [{ name: "sleeper", pid, startedAt: processStartedAt(pid) }] });
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, sleeper: Number(line.toString()) };
}

async function claim(folder: string) {
  const claimed = await claimRun(folder, "npm run demo");
  if (!("run" in claimed)) throw new Error(claimed.message);
  return claimed.run;
}

test("a second run is told which process runs, where, and how to stop it; after a kill -9 it runs and clears away what was left", async () => {
  const folder = join(home, "second");
  const { child, sleeper } = await runInChild(folder);
  expect(await claimRun(folder, "npm run demo")).toEqual({
    message: `npm run demo already runs in this folder at http://localhost:3999 (process ${child.pid}). Use that one, or stop it first: kill ${child.pid}`,
  });
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  expect(processStartedAt(sleeper)).not.toBe("");
  const run = await claim(folder);
  expect(processStartedAt(sleeper)).toBe("");
  run.release();
});

test("a released run can be claimed again", async () => {
  const folder = join(home, "again");
  (await claim(folder)).release();
  (await claim(folder)).release();
});

test("a pid that another program has by now is neither waited for nor ended", async () => {
  const folder = join(home, "recycled");
  (await claim(folder)).release();
  const stranger = spawn("sleep", ["1000"], { detached: true });
  const holder = { pid: stranger.pid, startedAt: "long ago" };
  writeFileSync(join(folder, "run.json"), JSON.stringify({ ...holder, command: "npm run demo", processes: [{ name: "app", ...holder }] }));
  const run = await claim(folder);
  expect(processStartedAt(stranger.pid ?? 0)).not.toBe("");
  stranger.kill("SIGKILL");
  run.release();
});
