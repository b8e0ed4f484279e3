import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelManifest } from "#lib/domain/kernel/kernel-manifest.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { type ExecutorPage, openExecutorPage } from "../testing/open-executor-page.ts";

/* Real kernels in a real Chromium; where there is no GPU its software renderer runs them. */

type Shard = { source: string; kernel: KernelManifest; args?: string[]; input?: number[]; memoryBytesMax?: number };
type End = { prepared: string; status: string; trap?: string; stderr: string; output: number[]; sha256: string; longestBatchMs: number; durationMs: number };

let chromium: ExecutorPage;

beforeAll(async () => {
  chromium = await openExecutorPage({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    entries: [new URL("../testing/executor-page.ts", import.meta.url), new URL("../executor.worker.ts", import.meta.url)],
    args: ["--enable-unsafe-webgpu"],
  });
});

afterAll(async () => {
  await chromium.close();
});

/** Runs one shard in a new worker of the page, which ends with it. */
async function run({ source, kernel, args = [], input = [], memoryBytesMax = 2 ** 24 }: Shard): Promise<End> {
  const request = { source, sha256: createHash("sha256").update(source).digest("hex"), kernel, args, input, memoryBytesMax };
  return await chromium.page.evaluate(async ({ source, sha256, kernel, args, input, memoryBytesMax }) => {
    const executor = globalThis.startExecutor();
    const program = new TextEncoder().encode(source);
    const prepared = await executor.prepare({ jobId: "job_a", program, programSha256: sha256, kernel, memoryBytesMax, files: [] });
    const limits = { outputBytesMax: 2 ** 24, stderrBytesMax: 1000 };
    const outcome = await executor.run({ jobId: "job_a", args, env: {}, stdin: Uint8Array.from(input), seed: 0n, limits });
    const isOk = outcome.status === "ok";
    return {
      prepared: prepared.ok ? "ok" : prepared.reason,
      status: outcome.status,
      ...(outcome.status === "trap" ? { trap: outcome.trap } : {}),
      stderr: outcome.status === "crashed" ? outcome.message : outcome.stderr,
      output: isOk ? [...outcome.output] : [],
      sha256: isOk ? outcome.outputSha256 : "",
      longestBatchMs: isOk && "longestBatchMs" in outcome ? outcome.longestBatchMs : 0,
      durationMs: outcome.durationMs,
    };
  }, request);
}

const words = (end: End) => [...new Uint32Array(Uint8Array.from(end.output).buffer)];
const manifest = (change: Partial<KernelManifest> = {}): KernelManifest => ({
  bindings: [{ kind: "output", binding: 0, bytes: 1024, elements: "u32" }],
  passes: [{ entryPoint: "main", workgroups: 4, in: "every" }],
  rounds: 1,
  loopIterationsMax: 1000,
  ...change,
});
const kernel = (body: string, before = "") => `@group(0) @binding(0) var<storage, read_write> result: array<u32>;
${before}
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) { ${body} }`;

test("the executor has a GPU and says of which class", async () => {
  const adapter = await chromium.page.evaluate(async () => await globalThis.startExecutor().gpu());
  expect(adapter).toMatchObject({ vendor: expect.any(String), architecture: expect.any(String) });
});

describe("a kernel", () => {
  test("sees its parameters, its input to the byte, and the ids of the whole pass however it is cut", async () => {
    const source = `struct Params { length: u32, offset: i32, scale: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(32) fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) all: vec3<u32>) {
  if id.x == 0u { result[0] = params.length; result[1] = u32(params.offset); result[2] = u32(params.scale * 4.0); result[3] = source[1]; result[4] = arrayLength(&source); result[5] = all.x; return; }
  if id.x >= 6u { result[id.x] = id.x * 1000u + group.x; }
}`;
    const end = await run({
      source,
      kernel: manifest({
        bindings: [
          { kind: "params", binding: 0, fields: ["input_bytes", "i32", "f32"] },
          { kind: "input", binding: 1 },
          { kind: "output", binding: 2, bytes: 12_800, elements: "u32" },
        ],
        passes: [{ entryPoint: "main", workgroups: 100, in: "every" }],
      }),
      args: ["-2", "1.25"],
      input: [1, 2, 3, 4, 5],
    });
    expect(end).toMatchObject({ prepared: "ok", status: "ok" });
    expect(words(end).slice(0, 6)).toEqual([5, 2 ** 32 - 2, 5, 5, 2, 100]);
    expect(words(end).slice(6)).toEqual(Array.from({ length: 3194 }, (_, i) => (i + 6) * 1000 + Math.floor((i + 6) / 32)));
  });

  test("runs its passes in order, in the rounds they are for, each after all of the one before", async () => {
    const source = kernel(
      "result[id.x] += 10u;",
      "@compute @workgroup_size(64) fn once(@builtin(global_invocation_id) id: vec3<u32>) { result[id.x] = id.x; }\n@compute @workgroup_size(64) fn turn(@builtin(global_invocation_id) id: vec3<u32>) { result[id.x] = result[id.x] * 2u; }",
    );
    const passes = [
      { entryPoint: "once", workgroups: 4, in: "first" as const },
      { entryPoint: "main", workgroups: 4, in: "every" as const },
      { entryPoint: "turn", workgroups: 4, in: "last" as const },
    ];
    const end = await run({ source, kernel: manifest({ passes, rounds: 300 }) });
    expect(end).toMatchObject({ prepared: "ok", status: "ok", stderr: "" });
    expect(words(end)).toEqual(Array.from({ length: 256 }, (_, i) => (i + 3000) * 2));
  });

  test("gives the same as without a budget while the budget lasts, and a trap when it is spent", async () => {
    const body =
      "var sum = 0u; for (var i = 0u; i <= id.x; i++) { var j = i; while j > 0u { j--; sum++; if sum % 7u == 3u { continue; } } loop { break; } } result[id.x] = sum;";
    const expected = Array.from({ length: 256 }, (_, id) => (id * (id + 1)) / 2);
    const end = await run({ source: kernel(body), kernel: manifest({ loopIterationsMax: 2 ** 16 }) });
    expect(words(end)).toEqual(expected);
    expect(await run({ source: kernel(body), kernel: manifest({ loopIterationsMax: 100 }) })).toMatchObject({
      status: "trap",
      trap: "loop_budget",
      stderr: expect.stringContaining("loopIterationsMax"),
    });
  });

  test("has every NaN in one form in an output of f32, and keeps its bits in one of bytes", async () => {
    const source = kernel("result[id.x] = select(0x7f800001u, 0xffffffffu, id.x % 2u == 0u);");
    const ends = [];
    for (const elements of ["f32", "bytes"] as const)
      ends.push(await run({ source, kernel: manifest({ bindings: [{ kind: "output", binding: 0, bytes: 1024, elements }] }) }));
    expect(new Set(words(ends[0] as End))).toEqual(new Set([0x7fc00000]));
    expect(new Set(words(ends[1] as End))).toEqual(new Set([0x7f800001, 0xffffffff]));
  });

  test("that the compiler refuses ends with the compiler's words, alike on every device", async () => {
    const end = await run({ source: kernel("let a: u32 = 1.5f; result[0] = a;"), kernel: manifest() });
    expect(end).toMatchObject({ prepared: "ok", status: "trap", trap: "kernel_refused", stderr: expect.stringMatching(/^3:\d+ .*u32/) });
  });

  test("whose arguments are no numbers of its fields ends with words about them", async () => {
    const source = `struct P { a: u32 }\n@group(0) @binding(1) var<uniform> p: P;\n${kernel("result[id.x] = p.a;")}`;
    const bindings: KernelManifest["bindings"] = [{ kind: "params", binding: 1, fields: ["u32"] }, ...manifest().bindings];
    for (const arg of ["-1", "1.5", "", "4294967296", "x"]) {
      expect(await run({ source, kernel: manifest({ bindings }), args: [arg] })).toMatchObject({ status: "trap", trap: "kernel_data" });
    }
    expect(words(await run({ source, kernel: manifest({ bindings }), args: ["0xffffffff"] }))[9]).toBe(2 ** 32 - 1);
  });
});

describe("a hostile kernel", () => {
  /** The tab is alive when it draws frames and another executor computes. */
  async function expectAlive(): Promise<void> {
    const frameMs = await chromium.page.evaluate(async () => {
      const startedAt = performance.now();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - startedAt;
    });
    expect(frameMs).toBeLessThan(5000);
    expect(words(await run({ source: kernel("result[id.x] = 7u;"), kernel: manifest() }))[255]).toBe(7);
  }

  test.each([
    ["loop {}", "loop { }"],
    ["a loop in every form, in each other", "for (;;) { while true { loop { result[0]++; } } }"],
    ["a counter that never arrives", "for (var i = 0u; i < 1u; i *= 2u) { result[id.x]++; }"],
  ])("that never ends is ended by its budget: %s", async (_, body) => {
    const end = await run({
      source: kernel(body),
      kernel: manifest({ loopIterationsMax: 2 ** 17, passes: [{ entryPoint: "main", workgroups: 2 ** 24, in: "every" }] }),
    });
    expect(end).toMatchObject({ status: "trap", trap: "loop_budget" });
    expect(end.durationMs).toBeLessThan(20_000);
    await expectAlive();
  });

  test("that reads and writes far outside its buffers harms nobody", async () => {
    const end = await run({ source: kernel("result[id.x * 100000000u + 4000000000u] = result[4294967295u - id.x]; result[id.x] = 5u;"), kernel: manifest() });
    expect(end.status).toBe("ok");
    await expectAlive();
  });

  test("that asks for more memory than its job, or than there is, gets none of it", async () => {
    const huge = manifest({
      bindings: [...manifest().bindings, ...[1, 2, 3, 4, 5, 6].map((binding) => ({ kind: "scratch" as const, binding, bytes: 2 ** 27 }))],
    });
    const source =
      [1, 2, 3, 4, 5, 6].map((binding) => `@group(0) @binding(${binding}) var<storage, read_write> s${binding}: array<u32>;`).join("\n") +
      kernel("s1[id.x] = 1u;");
    expect((await run({ source, kernel: huge })).prepared).toMatch(/limits.memoryBytesMax/);
    const end = await run({ source: kernel("var a: array<array<u32, 60000>, 60000>; result[0] = a[id.x][id.x];"), kernel: manifest() });
    expect(end.prepared).toMatch(/bytes; 4096 are allowed/);
    await expectAlive();
  });
});

describe("the examples", () => {
  function example(name: string): { source: string; kernel: KernelManifest; args: string[] } {
    const folder = join(import.meta.dirname, "../../../examples", name);
    const { program } = jobFile.parse(JSON.parse(readFileSync(join(folder, "job.json"), "utf8")));
    if (!program.kernel) throw new Error(`${name} has no kernel`);
    return { source: readFileSync(join(folder, `${name}.wgsl`), "utf8"), kernel: program.kernel, args: program.args };
  }

  test("mandelbrot-gpu draws the same bytes as whole numbers of any length", async () => {
    const { source, kernel, args } = example("mandelbrot-gpu");
    const filled = args.map((arg) => arg.replace("{from}", "40").replace("{to}", "48"));
    const end = await run({ source, kernel, args: filled });
    expect(end.stderr).toBe("");
    const image = readFileSync(join(import.meta.dirname, "../../../examples/mandelbrot-gpu/expected/counts.bin"));
    const expected = image.subarray(40 * 256, 48 * 256);
    expect(Buffer.compare(Uint8Array.from(end.output), expected)).toBe(0);
  });

  test("nbody-gpu keeps its energy and ends near a reference in double precision", async () => {
    const { source, kernel, args } = example("nbody-gpu");
    const end = await run({ source, kernel, args: args.map((arg) => arg.replace("{from}", "3")) });
    expect(end.stderr).toBe("");
    const numbers = new Float32Array(Uint8Array.from(end.output).buffer);
    const expected = readFileSync(join(import.meta.dirname, "../../../examples/nbody-gpu/expected/clusters.bin")).subarray(3 * 8208, 4 * 8208);
    const reference = new Float32Array(Uint8Array.from(expected).buffer);
    const farthest = numbers.reduce((far, number, index) => Math.max(far, Math.abs(number - (reference[index] ?? Number.NaN))), 0);
    expect(farthest).toBeLessThan(1e-3);
    expect(Math.abs(numbers.at(-2) ?? 1)).toBeLessThan(1e-4);
  });
});
