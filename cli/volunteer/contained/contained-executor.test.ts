import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import { readTestProgram, type TestProgram } from "#lib/testing/programs/build-programs.ts";
import type { RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { connect, within } from "#workers/volunteer/running/live-executor.ts";
import { NodeHost } from "../node-host.ts";
import { findContainment } from "./contain.ts";
import { ContainedExecutor } from "./contained-executor.ts";
import { ContainedHost } from "./contained-host.ts";
import { ContainedProcess } from "./contained-process.ts";

const LIMITS = { outputBytesMax: 100_000, stderrBytesMax: 1000 };
const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function openExecutor(): ContainedExecutor {
  const executor = new ContainedExecutor();
  open.push(executor);
  return executor;
}

async function prepareRequest(program: TestProgram, jobId: string = program) {
  await initSha256();
  const bytes = await readTestProgram(program);
  return { jobId, programSha256: sha256Hex(bytes), program: bytes, memoryBytesMax: 1 << 26, files: [] };
}

function run(jobId: string, args: string[], stdin = ""): RunShardRequest {
  return { jobId, args, env: { SHOAL_SHARD: "3" }, stdin: new TextEncoder().encode(stdin), seed: 7n, limits: LIMITS };
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a contained executor", () => {
  test("gives the bytes that a thread gives, and throws its process away after a few runs and after every bad end", async () => {
    const executor = openExecutor();
    const host = new NodeHost({ usesGpu: false });
    const thread = connect(await host.spawn());
    const request = await prepareRequest("probe");
    expect(await executor.prepare(request)).toEqual({ ok: true, isPaced: false });
    await thread.executor.prepare(request);
    const pids = new Set<number | undefined>();
    for (let i = 0; i < 10; i++) {
      const outcome = await executor.run(run("probe", [String(i)], `line ${i}\n`));
      const expected = await thread.executor.run(run("probe", [String(i)], `line ${i}\n`));
      expect(outcome).toMatchObject({ status: "ok", outputSha256: expected.status === "ok" ? expected.outputSha256 : "" });
      pids.add(executor.pid);
    }
    expect([...pids].filter((pid) => pid !== undefined)).toHaveLength(2);
    await host.kill(thread.id);

    expect(await executor.prepare(await prepareRequest("misbehave"))).toMatchObject({ ok: true });
    const before = executor.pid;
    expect(await executor.run(run("misbehave", ["unreachable"]))).toMatchObject({ status: "trap", trap: "unreachable" });
    await expect.poll(() => isAlive(before)).toBe(false);
    expect(await executor.run(run("misbehave", ["exit", "3"]))).toMatchObject({ status: "exit_code", exitCode: 3 });
  });

  test("serves one job in a process: another job's program begins in another one", async () => {
    const executor = openExecutor();
    await executor.prepare(await prepareRequest("probe", "a"));
    const first = executor.pid;
    await executor.prepare(await prepareRequest("probe", "b"));
    expect(executor.pid).not.toBe(first);
    expect(await executor.run(run("a", ["1"]))).toMatchObject({ status: "ok" });
    await expect.poll(() => isAlive(first)).toBe(false);
  });

  test("a process that is killed while it runs is a crash of the machine, and the next shard gets another one", async () => {
    const executor = openExecutor();
    await executor.prepare(await prepareRequest("misbehave"));
    const running = executor.run(run("misbehave", ["loop"]));
    process.kill(executor.pid ?? 0, "SIGKILL");
    expect(await running).toMatchObject({ status: "crashed" });
    expect(await executor.run(run("misbehave", ["exit", "0"]))).toMatchObject({ status: "no_output" });
  });

  test.runIf(process.platform === "linux")("a program that never ends goes with its process when its time is up", async () => {
    const host = new ContainedHost();
    const live = connect(await host.spawn());
    await live.executor.prepare(await prepareRequest("misbehave"));
    expect(await childPids()).toHaveLength(1);
    expect(await within<ShardOutcome>(300, live, live.executor.run(run("misbehave", ["loop"])))).toBe("late");
    await host.kill(live.id);
    await expect.poll(async () => await childPids()).toEqual([]);
    expect(await live.gone).toBe("gone");
  });

  test("a program that takes all memory it can get stays within its own limit", async () => {
    const executor = openExecutor();
    await executor.prepare(await prepareRequest("misbehave"));
    const outcome = await executor.run(run("misbehave", ["allocate"]));
    expect(outcome).toMatchObject({ status: "ok" });
    expect(outcome.memoryBytesPeak).toBeLessThanOrEqual(1 << 26);
  });
});

/** Contained processes that this one has started and that live. */
async function childPids(): Promise<string[]> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  const pids = children.split(" ").filter((pid) => pid !== "");
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids.filter((_, i) => commands[i]?.includes("shoal-contained-"));
}

describe("code that broke out of WebAssembly in a contained process", () => {
  test("finds no environment, no file, no process, no thread, no code from strings and no memory beyond the bound", async () => {
    const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    process.env.SHOAL_SECRET_OF_THE_PARENT = "secret";
    const hostile = await ContainedProcess.start({ dataKibMax: 1_500_000, cpuSecondsMax: 30 }, { headBytesMax: 100_000, partBytesMax: 0 }, HOSTILE);
    const answer = await hostile.ask({ head: { port, file: "/etc/passwd" }, parts: [] });
    hostile.kill();
    server.close();
    delete process.env.SHOAL_SECRET_OF_THE_PARENT;
    const got = answer?.head as Record<string, unknown>;
    expect(got).toMatchObject({
      environment: [],
      file: "ERR_ACCESS_DENIED",
      written: "ERR_ACCESS_DENIED",
      process: "ERR_ACCESS_DENIED",
      thread: "ERR_ACCESS_DENIED",
    });
    expect(got.code).toContain("EvalError");
    expect(got.memory).not.toBe("got it");
    const containment = await findContainment();
    // Where the kernel gives no namespaces to this user, the network is out of reach of WebAssembly alone; the device says so at its start.
    if (containment.hasNoNetwork) expect(got.network).toBe("ENETUNREACH");
    if (containment.hasOwnUser) expect(got.user).toBe(65534);
  });

  test("whoever answers something else than an answer is ended", async () => {
    const hostile = await ContainedProcess.start({ dataKibMax: 1_500_000, cpuSecondsMax: 30 }, { headBytesMax: 10, partBytesMax: 0 }, HOSTILE);
    expect(await hostile.ask({ head: { port: 1, file: "/etc/passwd" }, parts: [] })).toBeNull();
    await expect.poll(() => isAlive(hostile.pid)).toBe(false);
  });
});

const HOSTILE = new URL("testing/hostile-child.ts", import.meta.url);
