import type { BoundKernel } from "#lib/domain/kernel/bound-kernel.ts";
import { inspectKernel } from "#lib/domain/kernel/inspect-kernel.ts";
import { type KernelManifest, kernelArgumentCount, kernelOutputBytes } from "#lib/domain/kernel/kernel-manifest.ts";
import { reflectKernel } from "#lib/wgsl/reflect-kernel.ts";
import type { HeldGpu } from "./gpu-holder.ts";
import { Pace } from "./pace.ts";

/** A job's kernel, checked; its pipelines are made for the device that runs it. */
export type PreparedKernel = { kernel: BoundKernel; manifest: KernelManifest; pace: Pace; pipelines: { gpu: HeldGpu; made: Promise<Pipelines> } | null };

export type Pipelines =
  | { ok: true; groups: [GPUBindGroupLayout, GPUBindGroupLayout]; byPass: GPUComputePipeline[] }
  /** The device's compiler refuses the kernel, in its own words. */
  | { ok: false; reason: string };

type KernelJob = { program: Uint8Array; manifest: KernelManifest; fileNames: readonly string[]; memoryBytesMax: number };

/** Checks a kernel anew, as it was at upload: what the server says of it is not believed. A string is why it is refused. */
export function prepareKernel({ program, manifest, fileNames, memoryBytesMax }: KernelJob): PreparedKernel | string {
  const job = {
    argumentCount: kernelArgumentCount(manifest),
    fileNames,
    hasInput: manifest.bindings.some((binding) => binding.kind === "input"),
    limits: { memoryBytesMax, outputBytesMax: kernelOutputBytes(manifest) },
  };
  const inspected = inspectKernel(new TextDecoder().decode(program), manifest, { job, reflect: reflectKernel });
  if (!inspected.ok) return `${inspected.problem.message} ${inspected.problem.fix}`;
  return { kernel: inspected.kernel, manifest, pace: new Pace(manifest.passes.length), pipelines: null };
}

/** The kernel's pipelines on a device, made once. */
export async function pipelinesOf(prepared: PreparedKernel, gpu: HeldGpu): Promise<Pipelines> {
  if (prepared.pipelines?.gpu !== gpu) prepared.pipelines = { gpu, made: makePipelines(prepared, gpu) };
  return await prepared.pipelines.made;
}

async function makePipelines({ kernel, manifest }: PreparedKernel, { device }: HeldGpu): Promise<Pipelines> {
  const module = device.createShaderModule({ code: kernel.code });
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter((message) => message.type === "error");
  if (errors.length > 0) return { ok: false, reason: errors.map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`).join("\n") };
  const user = device.createBindGroupLayout({
    entries: manifest.bindings.map(({ binding, kind }) => ({ binding, visibility: 4, buffer: { type: bufferType(kind) } })),
  });
  const own = device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: 4, buffer: { type: "uniform", hasDynamicOffset: true } },
      { binding: 1, visibility: 4, buffer: { type: "storage" } },
    ],
  });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [user, own] });
  try {
    const byPass = await Promise.all(manifest.passes.map(({ entryPoint }) => device.createComputePipelineAsync({ layout, compute: { module, entryPoint } })));
    return { ok: true, groups: [user, own], byPass };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function bufferType(kind: KernelManifest["bindings"][number]["kind"]): GPUBufferBindingType {
  if (kind === "params") return "uniform";
  return kind === "input" || kind === "file" ? "read-only-storage" : "storage";
}
