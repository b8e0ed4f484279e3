import type { RunFacts, RunOutcome } from "../run-wasi.ts";
import type { HeldGpu } from "./gpu-holder.ts";
import { createBuffers, destroyBuffers, FRAME_STRIDE, findDataProblem, joinOutputs, type KernelBuffers, type ShardData } from "./kernel-buffers.ts";
import type { PassSizes, Position } from "./pace.ts";
import { type Pipelines, type PreparedKernel, pipelinesOf } from "./prepare-kernel.ts";

/** How a kernel itself can fail, alike on every device: its data do not fit it, a loop took too many iterations, a compiler refuses it. */
export const KERNEL_TRAPS = ["kernel_data", "loop_budget", "kernel_refused"] as const;
export type KernelTrap = (typeof KERNEL_TRAPS)[number];

/** How the run of a kernel ended. `gpu_lost`: the device went away, and nothing is known of the shard. */
export type KernelOutcome =
  | ({ status: "ok"; output: Uint8Array<ArrayBuffer> /** The longest time between a submission and its end. */; longestBatchMs: number } & RunFacts)
  | ({ status: "trap"; trap: KernelTrap } & RunFacts)
  | Extract<RunOutcome, { status: "output_limit" | "out_of_memory" | "crashed" }>
  | ({ status: "gpu_lost" } & RunFacts);

type Shard = { prepared: PreparedKernel; gpu: HeldGpu; data: ShardData; limits: { outputBytesMax: number; memoryBytesMax: number } };
type Ready = Extract<Pipelines, { ok: true }>;
type End = "finished" | "exhausted" | "lost";

/**
 * Runs a kernel for one shard: its passes in order, its rounds, cut into batches of at most about 40 ms. Never throws for what the kernel does; a budget that
 * runs out and a compiler that refuses are the kernel's own ends, too little memory is the machine's.
 */
export async function runKernel(shard: Shard): Promise<KernelOutcome> {
  const startedAt = performance.now();
  const { prepared, gpu, data, limits } = shard;
  const facts = (stderr = "", memoryBytesPeak = 0): RunFacts => ({ stderr, durationMs: performance.now() - startedAt, memoryBytesPeak });
  const size = bytesOf(shard);
  const problem = findDataProblem(prepared.manifest, data) ?? findSizeProblem(size.all, limits.memoryBytesMax);
  if (problem !== null) return { status: "trap", trap: "kernel_data", ...facts(problem) };
  if (size.outputs > limits.outputBytesMax) return { status: "output_limit", ...facts() };
  const pipelines = await Promise.race([pipelinesOf(prepared, gpu), gpu.lost]);
  if (pipelines === "lost") return { status: "gpu_lost", ...facts() };
  if (!pipelines.ok) return { status: "trap", trap: "kernel_refused", ...facts(pipelines.reason) };
  gpu.device.pushErrorScope("validation");
  const run = await runInBuffers(shard, pipelines);
  const invalid = await errorOf(gpu);
  if (invalid === "lost" || run.end === "lost") return { status: "gpu_lost", ...facts() };
  if (invalid !== null) return { status: "crashed", message: invalid, ...facts() };
  if (run.end === "no_memory") return { status: "out_of_memory", ...facts() };
  if (run.end === "exhausted") {
    const words = `A loop took more than the ${prepared.manifest.loopIterationsMax} iterations of loopIterationsMax.`;
    return { status: "trap", trap: "loop_budget", ...facts(words) };
  }
  return { status: "ok", output: run.output, longestBatchMs: run.longestMs, ...facts("", size.all) };
}

function findSizeProblem(bytes: number, bytesMax: number): string | null {
  return bytes > bytesMax ? `The buffers need ${bytes} bytes; limits.memoryBytesMax is ${bytesMax}.` : null;
}

type Run = { end: "finished"; output: Uint8Array<ArrayBuffer>; longestMs: number } | { end: "no_memory" } | { end: "exhausted" } | { end: "lost" };

async function runInBuffers(shard: Shard, pipelines: Ready): Promise<Run> {
  const { prepared, gpu, data } = shard;
  gpu.device.pushErrorScope("out-of-memory");
  const buffers = createBuffers(gpu.device, prepared.manifest, data);
  try {
    const noMemory = await errorOf(gpu);
    if (noMemory !== null) return { end: noMemory === "lost" ? "lost" : "no_memory" };
    const batches = await runBatches(shard, pipelines, buffers);
    if (batches.end !== "finished") return { end: batches.end };
    const output = await readOutputs(gpu, buffers);
    return output ? { end: "finished", output, longestMs: batches.longestMs } : { end: "lost" };
  } finally {
    destroyBuffers(buffers);
  }
}

/** What the innermost error scope caught, in words; null for nothing. */
async function errorOf(gpu: HeldGpu): Promise<string | null> {
  try {
    const caught = await Promise.race([gpu.device.popErrorScope(), gpu.lost]);
    return caught === "lost" ? "lost" : (caught?.message ?? null);
  } catch {
    return "lost";
  }
}

function bytesOf({ prepared, data }: Shard): { outputs: number; all: number } {
  const sizes = prepared.manifest.bindings.map((from) => {
    if ("bytes" in from) return from.bytes;
    if (from.kind === "input") return data.input.length;
    return from.kind === "file" ? (data.files.find((file) => file.name === from.name)?.bytes.length ?? 0) : 0;
  });
  const outputs = prepared.manifest.bindings.reduce((sum, from) => sum + (from.kind === "output" ? from.bytes : 0), 0);
  return { outputs, all: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

async function runBatches({ prepared, gpu }: Shard, pipelines: Ready, buffers: KernelBuffers): Promise<{ end: End; longestMs: number }> {
  const { manifest, pace, kernel } = prepared;
  const { device } = gpu;
  const sizes: PassSizes = manifest;
  const invocations = manifest.passes.map((pass) => kernel.entries.find((entry) => entry.name === pass.entryPoint)?.workgroupSize ?? 1);
  const [user, own] = bindGroups(device, pipelines, buffers);
  let at: Position = { round: 0, pass: 0, first: 0 };
  let longestMs = 0;
  while (at.round < sizes.rounds) {
    const { parts, to } = pace.plan(sizes, at);
    // What is left may be passes that do not run in the last round.
    if (parts.length === 0) break;
    const frames = new Uint32Array((parts.length * FRAME_STRIDE) / 4);
    for (const [index, { pass, first }] of parts.entries()) {
      frames.set([first, first * (invocations[pass] ?? 1), manifest.passes[pass]?.workgroups ?? 0], (index * FRAME_STRIDE) / 4);
    }
    device.queue.writeBuffer(buffers.frames, 0, frames);
    const encoder = device.createCommandEncoder();
    const compute = encoder.beginComputePass();
    compute.setBindGroup(0, user);
    for (const [index, { pass, count }] of parts.entries()) {
      compute.setPipeline(pipelines.byPass[pass] as GPUComputePipeline);
      compute.setBindGroup(1, own, [index * FRAME_STRIDE]);
      compute.dispatchWorkgroups(count);
    }
    compute.end();
    encoder.copyBufferToBuffer(buffers.status, 0, buffers.statusRead, 0, 4);
    const submittedAt = performance.now();
    device.queue.submit([encoder.finish()]);
    if (!(await mapped(gpu, buffers.statusRead))) return { end: "lost", longestMs };
    const tookMs = performance.now() - submittedAt;
    const [exhausted] = new Uint32Array(buffers.statusRead.getMappedRange());
    buffers.statusRead.unmap();
    if (exhausted !== 0) return { end: "exhausted", longestMs };
    pace.learn(parts, tookMs);
    longestMs = Math.max(longestMs, tookMs);
    at = to;
  }
  return { end: "finished", longestMs };
}

function bindGroups(device: GPUDevice, { groups }: Ready, buffers: KernelBuffers): [GPUBindGroup, GPUBindGroup] {
  const user = device.createBindGroup({ layout: groups[0], entries: buffers.user.map(({ binding, buffer }) => ({ binding, resource: { buffer } })) });
  const own = device.createBindGroup({
    layout: groups[1],
    entries: [
      { binding: 0, resource: { buffer: buffers.frames, size: 16 } },
      { binding: 1, resource: { buffer: buffers.status } },
    ],
  });
  return [user, own];
}

async function readOutputs(gpu: HeldGpu, { outputs }: KernelBuffers): Promise<Uint8Array<ArrayBuffer> | null> {
  const encoder = gpu.device.createCommandEncoder();
  for (const { buffer, read, from } of outputs) encoder.copyBufferToBuffer(buffer, 0, read, 0, from.bytes);
  gpu.device.queue.submit([encoder.finish()]);
  const all = await Promise.all(outputs.map(({ read }) => mapped(gpu, read)));
  return all.every(Boolean) ? joinOutputs(outputs) : null;
}

/** Whether the buffer could be mapped for reading; false when the device went away. */
async function mapped(gpu: HeldGpu, buffer: GPUBuffer): Promise<boolean> {
  try {
    return (await Promise.race([buffer.mapAsync(1), gpu.lost])) !== "lost";
  } catch {
    return false;
  }
}
