import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { describeEnd, PROBE_FILES, PROBE_INPUT, PROBE_MEMORY_BYTES_MAX, PROBE_SHARDS } from "#lib/testing/programs/probe-shards.ts";
import { createExecutor } from "./executor.ts";
import type { Executor, PrepareRequest } from "./executor-contract.ts";
import { type ExecutorPage, openExecutorPage } from "./testing/open-executor-page.ts";

/** An outcome without its time, and without the output itself: its digest stays. */
type ShardEnd = { status: string; [fact: string]: unknown };

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** An executor keeps a few programs at hand, no more. */
const PROGRAMS = [...new Set(PROBE_SHARDS.map(({ program }) => program))];

async function prepareRequests(): Promise<PrepareRequest[]> {
  const files = PROBE_FILES.map((file) => ({ ...file, sha256: sha256(file.bytes) }));
  return Promise.all(
    PROGRAMS.map(async (jobId) => {
      const program = await readTestProgram(jobId);
      return { jobId, program, programSha256: sha256(program), memoryBytesMax: PROBE_MEMORY_BYTES_MAX, files };
    }),
  );
}

async function runInNode(requests: readonly PrepareRequest[]): Promise<ShardEnd[]> {
  const executor: Executor = createExecutor();
  for (const request of requests) expect(await executor.prepare(request)).toEqual({ ok: true, isPaced: false });
  const ends: ShardEnd[] = [];
  for (const { program, args } of PROBE_SHARDS) {
    const outcome = await executor.run({ ...PROBE_INPUT, jobId: program, args });
    ends.push({ ...outcome, output: null, durationMs: 0 });
  }
  return ends;
}

/** The page gets plain values only: bytes as hexadecimal digits, the seed as text. */
async function runInChromium({ page }: ExecutorPage, requests: readonly PrepareRequest[]): Promise<ShardEnd[]> {
  const plain = {
    requests: requests.map((request) => ({
      ...request,
      program: hex(request.program),
      files: request.files.map((file) => ({ ...file, bytes: hex(file.bytes) })),
    })),
    input: { ...PROBE_INPUT, stdin: hex(PROBE_INPUT.stdin), seed: PROBE_INPUT.seed.toString() },
    shards: PROBE_SHARDS.map(({ program, args }) => ({ program, args })),
  };
  return page.evaluate(async ({ requests, input, shards }) => {
    const bytesOf = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const executor = globalThis.startExecutor();
    for (const request of requests) {
      const files = request.files.map((file) => ({ ...file, bytes: bytesOf(file.bytes) }));
      const prepared = await executor.prepare({ ...request, program: bytesOf(request.program), files });
      if (!prepared.ok) throw new Error(prepared.reason);
    }
    const ends = [];
    for (const { program, args } of shards) {
      const outcome = await executor.run({ ...input, stdin: bytesOf(input.stdin), seed: BigInt(input.seed), jobId: program, args });
      ends.push({ ...outcome, output: null, durationMs: 0 });
    }
    return ends;
  }, plain);
}

describe("the same shards in Node and in Chromium", () => {
  let chromium: ExecutorPage;
  let ends: { node: ShardEnd[]; chromium: ShardEnd[] };

  beforeAll(async () => {
    chromium = await openExecutorPage({
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      entries: [new URL("./testing/executor-page.ts", import.meta.url), new URL("./executor.worker.ts", import.meta.url)],
    });
    const requests = await prepareRequests();
    ends = { node: await runInNode(requests), chromium: await runInChromium(chromium, requests) };
  });

  afterAll(async () => {
    await chromium.close();
  });

  test.each(PROBE_SHARDS.map((shard, index) => [`${shard.program} ${shard.args.join(" ")}`, index] as const))("%s ends alike, byte for byte", (_, index) => {
    expect(describeEnd(ends.chromium[index] ?? { status: "nothing" })).toBe(PROBE_SHARDS[index]?.ends);
    expect(ends.chromium[index]).toEqual(ends.node[index]);
  });

  test("outputs are compared, not only their absence", () => {
    expect(new Set(ends.chromium.map((end) => end.outputSha256)).size).toBeGreaterThan(8);
  });
});
