import { createHash } from "node:crypto";
import { MessageChannel, Worker } from "node:worker_threads";
import { type Remote, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { describe, expect, test } from "vitest";
import { assembleModule, importOf } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram, type TestProgram } from "#lib/testing/programs/build-programs.ts";
import { PROBE_FILES, PROBE_INPUT, PROBE_MEMORY_BYTES_MAX } from "#lib/testing/programs/probe-shards.ts";
import { createExecutor } from "./executor.ts";
import { type Executor, PREPARED_JOBS_MAX, type PrepareRequest } from "./executor-contract.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function prepareRequest(jobId: string, program: Uint8Array): PrepareRequest {
  return {
    jobId,
    program,
    programSha256: sha256(program),
    memoryBytesMax: PROBE_MEMORY_BYTES_MAX,
    files: PROBE_FILES.map((file) => ({ ...file, sha256: sha256(file.bytes) })),
  };
}

const prepareProgram = async (jobId: string, program: TestProgram): Promise<PrepareRequest> => prepareRequest(jobId, await readTestProgram(program));

describe("an executor", () => {
  test("runs shards of a prepared job and tells each output's digest", async () => {
    const executor = createExecutor();
    expect(await executor.prepare(await prepareProgram("job_a", "probe"))).toEqual({ ok: true, isPaced: false });
    const outcome = await executor.run({ ...PROBE_INPUT, jobId: "job_a", args: ["x"] });
    if (outcome.status !== "ok") throw new Error(outcome.status);
    expect(outcome.outputSha256).toBe(sha256(outcome.output));
  });

  test("replaces a job that is prepared again, and forgets one that no longer passes", async () => {
    const executor = createExecutor();
    await executor.prepare(await prepareProgram("job_a", "probe"));
    await executor.prepare(await prepareProgram("job_a", "spin"));
    const outcome = await executor.run({ ...PROBE_INPUT, jobId: "job_a", args: ["0"] });
    expect(outcome.status === "ok" && new TextDecoder().decode(outcome.output)).toBe("2463534242\n");
    await executor.prepare(prepareRequest("job_a", assembleModule({ exports: [] })));
    expect(await executor.run({ ...PROBE_INPUT, jobId: "job_a", args: [] })).toMatchObject({ status: "crashed" });
  });

  test("refuses bytes that differ from their digest, by name", async () => {
    const executor = createExecutor();
    const request = await prepareProgram("job_a", "spin");
    const refused = await executor.prepare({ ...request, programSha256: "0".repeat(64) });
    expect(refused).toEqual({ ok: false, reason: expect.stringContaining("The program is not the one") });
    const [file] = request.files;
    if (file === undefined) throw new Error("no file");
    const changed = [{ ...file, bytes: new Uint8Array(3) }];
    expect(await executor.prepare({ ...request, files: changed })).toEqual({ ok: false, reason: expect.stringContaining(file.name) });
    expect(await executor.run({ ...PROBE_INPUT, jobId: "job_a", args: [] })).toMatchObject({
      status: "crashed",
      message: expect.stringContaining("not prepared"),
    });
  });

  test("refuses what the inspection refuses, though its digest is right", async () => {
    const executor = createExecutor();
    const refused: [Uint8Array, RegExp][] = [
      [new TextEncoder().encode("#!/bin/sh"), /not a WebAssembly module/],
      [assembleModule({ imports: [importOf("env", "fetch", [0, 0])] }), /env\.fetch/],
      [assembleModule({ memories: [[3, 1, 1]] }), /shared between threads/],
      [assembleModule({ memories: [[0, 0x81, 2]] }), /limits\.memoryBytesMax/],
      [assembleModule({ bodies: [[0x41, 0]] }), /could not prepare/],
    ];
    for (const [program, words] of refused) {
      const result = await executor.prepare(prepareRequest("job_a", program));
      expect(result.ok ? "" : result.reason).toMatch(words);
    }
  });

  test("keeps a few jobs and forgets the one used longest ago", async () => {
    const executor = createExecutor();
    const spin = async (jobId: string) => (await executor.run({ ...PROBE_INPUT, jobId, args: ["0"] })).status;
    for (let job = 0; job < PREPARED_JOBS_MAX; job += 1) await executor.prepare(await prepareProgram(`job_${job}`, "spin"));
    expect(await spin("job_0")).toBe("ok");
    await executor.prepare(await prepareProgram("job_new", "spin"));
    expect(await Promise.all(["job_0", "job_1", "job_2", "job_new"].map(spin))).toEqual(["ok", "crashed", "ok", "ok"]);
  });
});

describe("an executor in a thread of Node", () => {
  const withWorker = async (use: (executor: Remote<Executor>, worker: Worker) => Promise<void>): Promise<void> => {
    const worker = new Worker(new URL("./executor.node.worker.ts", import.meta.url));
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ port: port2 }, [port2]);
    try {
      await use(wrap<Executor>(nodeEndpoint(port1)), worker);
    } finally {
      port1.close();
      await worker.terminate();
    }
  };

  test("prepares and runs over its port, and hands the output over", async () => {
    await withWorker(async (executor) => {
      expect(await executor.prepare(await prepareProgram("job_a", "misbehave"))).toEqual({ ok: true, isPaced: false });
      const outcome = await executor.run({ ...PROBE_INPUT, jobId: "job_a", args: ["print", "100000"] });
      expect(outcome.status === "ok" && outcome.output.length).toBe(100_000);
      expect(await executor.run({ ...PROBE_INPUT, jobId: "job_a", args: ["divide"] })).toMatchObject({ status: "trap", trap: "divide_by_zero" });
    });
  });

  test("ends with its thread in the middle of a program that never ends", async () => {
    await withWorker(async (executor, worker) => {
      await executor.prepare(await prepareProgram("job_a", "misbehave"));
      const outcome = executor.run({ ...PROBE_INPUT, jobId: "job_a", args: ["loop"] });
      const after = (ms: number) => new Promise<string>((resolve) => setTimeout(resolve, ms, "still running"));
      expect(await Promise.race([outcome, after(300)])).toBe("still running");
      const before = performance.now();
      await worker.terminate();
      expect(performance.now() - before).toBeLessThan(5000);
    });
  });
});
