import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type Api, createApi } from "#lib/client/api/api.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { createArtifact } from "#lib/protocol/artifacts/artifacts.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { createJob, getJob, getResults, type JobView, listShards } from "#lib/protocol/jobs/jobs.ts";
import { makeKey } from "../scripts/demo/make-key.ts";

const ROOT = join(import.meta.dirname, "..");
const ENDED_MS_MAX = 60_000;

let api: Api;
let sha256: string;
let devices: ChildProcess[] = [];
let profiles: string;

/** Two headless devices of the command line, each a process of its own, run what strangers sent. */
test.beforeAll(async ({ baseURL }) => {
  const url = baseURL ?? "";
  const key = await makeKey(url, privateKeyToAccount(generatePrivateKey()), ["jobs:read", "jobs:write", "artifacts:write"]);
  api = createApi({ baseUrl: url, token: async () => key });
  const program = await readFile(join(ROOT, "lib/testing/programs/misbehave.wasm"));
  ({ sha256 } = await api.call(createArtifact, { part: "program" }, { body: program }));
  profiles = mkdtempSync(join(tmpdir(), "shoal-misbehaving-"));
  devices = ["a", "b"].map((name) =>
    spawn(process.execPath, [join(ROOT, "cli/shoal.ts"), "volunteer", "--server", url, "--cores", "1", "--profile", join(profiles, name)], { stdio: "ignore" }),
  );
});

test.afterAll(async () => {
  for (const device of devices) device.kill("SIGINT");
  await Promise.all(devices.map((device) => device.exitCode ?? new Promise((resolve) => device.once("exit", resolve))));
  rmSync(profiles, { recursive: true, force: true });
});

async function run(args: string[], limits: Record<string, number> = {}): Promise<JobView> {
  const spec = {
    version: 1,
    name: args.join(" "),
    program: { runtime: "wasi", artifact: { sha256 }, args },
    slicing: { mode: "range", from: 0, to: 2 },
    limits,
  };
  const { id } = await api.call(createJob, jobJson.parse(spec));
  await expect.poll(async () => (await api.call(getJob, { jobId: id })).endedAt, { timeout: ENDED_MS_MAX }).not.toBeNull();
  return await api.call(getJob, { jobId: id });
}

async function failuresOf(jobId: JobId) {
  const { shards } = await api.call(listShards, { jobId, verdict: "failed", after: -1, limit: 50 });
  return shards;
}

test("a program that exits with a code stops its job, and the owner reads the code and stderr", async () => {
  const job = await run(["exit", "7"]);
  expect(job).toMatchObject({ state: "failed", failedCount: 2, reason: { code: "job_all_failed", params: { outcome: "exit code 7" } } });
  const [shard] = await failuresOf(job.id);
  expect(shard?.replicas.map((replica) => [replica.exitCode, replica.stderr])).toEqual([
    [7, "about to exit\n"],
    [7, "about to exit\n"],
  ]);
  expect(job.money.spentMicro).toBe("4000");
});

test("a program that traps stops its job with the trap's name", async () => {
  expect((await run(["unreachable"])).reason?.params).toMatchObject({ outcome: "trap: unreachable" });
});

test("a program that never ends is ended at its limit on two devices, costs nothing, and is not tried for ever", async () => {
  const job = await run(["loop"], { timeMsMax: 500 });
  expect(job).toMatchObject({ state: "failed", money: { spentMicro: "0" }, reason: { params: { outcome: "timeout" } } });
});

test("a program that prints nothing, and one that prints too much, end with those words", async () => {
  expect((await run(["complain", "3"])).reason?.params).toMatchObject({ outcome: "no_output" });
  expect((await run(["print", "5000"], { outputBytesMax: 1000 })).reason?.params).toMatchObject({ outcome: "output_limit" });
});

test("an output too large for the exchange travels by itself and is in the result", async () => {
  const job = await run(["print", "20000"]);
  expect(job).toMatchObject({ state: "final", acceptedCount: 2 });
  const bytes = new Uint8Array(await (await api.open(getResults, { jobId: job.id })).arrayBuffer());
  expect(bytes.length).toBe(40_000);
});
