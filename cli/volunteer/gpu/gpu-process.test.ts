import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { shardRange } from "#lib/domain/slicing/range.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import type { PrepareRequest, RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { connect, type Live } from "#workers/volunteer/running/live-executor.ts";
import { NodeHost } from "../node-host.ts";

const EXAMPLE = join(import.meta.dirname, "../../../examples/mandelbrot-gpu");
/** Debian's Chromium brings a software renderer that Vulkan programs can use. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (!process.env.VK_ICD_FILENAMES && existsSync(SWIFTSHADER)) {
  process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  // The loader of Vulkan lies beside it.
  process.env.LD_LIBRARY_PATH = [process.env.LD_LIBRARY_PATH, dirname(SWIFTSHADER)].filter(Boolean).join(":");
}

const hosts: NodeHost[] = [];
const lives: Live[] = [];
async function spawn(host: NodeHost): Promise<Live> {
  const live = connect(await host.spawn());
  lives.push(live);
  return live;
}
function openHost(usesGpu = true): NodeHost {
  const host = new NodeHost({ usesGpu });
  hosts.push(host);
  return host;
}
afterAll(async () => {
  await Promise.all(lives.flatMap((live) => hosts.map((host) => host.kill(live.id))));
});

const prober = openHost();
const adapter = await (await spawn(prober)).executor.gpu();
if (!adapter)
  console.warn(
    "No kernel runs in Node here: the package webgpu has no build for this machine, or Vulkan finds no adapter (Debian: install chromium for SwiftShader).",
  );

test("a device that may not use its GPU has none", async () => {
  expect(await (await spawn(openHost(false))).executor.gpu()).toBeNull();
});

describe.skipIf(!adapter)("with an adapter", () => {
  const job = jobFile.parse(JSON.parse(readFileSync(join(EXAMPLE, "job.json"), "utf8")));
  const program = new Uint8Array(readFileSync(join(EXAMPLE, "mandelbrot-gpu.wgsl")));
  const expected = readFileSync(join(EXAMPLE, "expected/counts.bin"));
  const { slicing } = job;
  if (slicing.mode !== "range") throw new Error("The example counts.");
  const shardCount = (slicing.to - slicing.from) / slicing.step / slicing.valuesPerShard;
  const prepare = (): PrepareRequest => ({
    jobId: "job_mandelbrot",
    program,
    programSha256: createHash("sha256").update(program).digest("hex"),
    kernel: job.program.kernel,
    memoryBytesMax: job.limits.memoryBytesMax,
    files: [],
  });
  const shard = (no: number): RunShardRequest => {
    const { from, to, step } = shardRange(slicing, no);
    const filled = fillArguments(job.program.args, { shard: String(no), seed: "0", from: String(from), to: String(to), step: String(step) });
    const args = filled.ok ? filled.args : [];
    return {
      jobId: "job_mandelbrot",
      args,
      env: {},
      stdin: new Uint8Array(),
      seed: 0n,
      limits: { outputBytesMax: job.limits.outputBytesMax, stderrBytesMax: 1000 },
    };
  };
  const isRight = (no: number, outcome: ShardOutcome) => {
    const bytes = expected.length / shardCount;
    return outcome.status === "ok" && Buffer.compare(Buffer.from(outcome.output), expected.subarray(no * bytes, (no + 1) * bytes)) === 0;
  };

  test("two executors share it, one kernel at a time, and both compute the right bytes", async () => {
    const host = openHost();
    const [a, b] = [await spawn(host), await spawn(host)];
    for (const { executor } of [a, b]) expect(await executor.prepare(prepare())).toMatchObject({ ok: true, isPaced: false });
    const outcomes = await Promise.all([a.executor.run(shard(0)), b.executor.run(shard(1))]);
    expect(outcomes.map((outcome, no) => isRight(no, outcome))).toEqual([true, true]);
    expect(outcomes[0]).toMatchObject({ adapter });
  });

  test("an executor that is ended in the middle of a kernel takes the process with it, and the next kernel finds another", async () => {
    const host = openHost();
    const [first, second] = [await spawn(host), await spawn(host)];
    for (const { executor } of [first, second]) expect(await executor.prepare(prepare())).toMatchObject({ ok: true });
    first.executor.run(shard(2)).then(
      () => undefined,
      () => undefined,
    );
    await host.kill(first.id);
    const outcomes: ShardOutcome[] = [];
    for (let attempt = 0; attempt < 3 && outcomes.at(-1)?.status !== "ok"; attempt++) outcomes.push(await second.executor.run(shard(3)));
    const last = outcomes.at(-1);
    expect(last && isRight(3, last)).toBe(true);
    expect(outcomes.slice(0, -1).every(({ status }) => status === "gpu_lost")).toBe(true);
  });
});
