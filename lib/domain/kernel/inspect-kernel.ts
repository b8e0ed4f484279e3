import { type BoundKernel, boundKernel } from "./bound-kernel.ts";
import { KERNEL_LIMITS, type KernelBinding, type KernelManifest, kernelArgumentCount, kernelOutputBytes, ownBufferBytes } from "./kernel-manifest.ts";
import { type KernelProblem, KernelRefusal, refuseKernel } from "./kernel-problems.ts";

/** A resource that a module declares, as a parser saw it. `members` are the scalar types of a uniform's members, null where they are anything else. */
export type ReflectedResource = { name: string; group: number; binding: number; kind: "uniform" | "read" | "read_write" | "other"; members: string[] | null };
/** A parser of WGSL: the resources of a module; throws for what it cannot read. */
export type ReflectKernel = (source: string) => ReflectedResource[];

/** What of a job a kernel has to fit. */
export type KernelJob = {
  argumentCount: number;
  fileNames: readonly string[];
  hasInput: boolean;
  limits: { memoryBytesMax: number; outputBytesMax: number };
};
export type KernelInspection = { ok: true; kernel: BoundKernel } | { ok: false; problem: KernelProblem };

/** How the resources of each kind are declared. */
const DECLARED_AS: Record<KernelBinding["kind"], { kind: ReflectedResource["kind"]; words: string }> = {
  params: { kind: "uniform", words: "var<uniform>" },
  input: { kind: "read", words: "var<storage, read>" },
  file: { kind: "read", words: "var<storage, read>" },
  scratch: { kind: "read_write", words: "var<storage, read_write>" },
  output: { kind: "read_write", words: "var<storage, read_write>" },
};

/**
 * Reads a whole kernel, bounds it, and compares it with its manifest and its job; the first fault ends it. The same check runs at upload and on every device.
 * Takes any text: never throws, time and memory grow with its length. `reflect` gets the code that a GPU will get.
 */
export function inspectKernel(source: string, manifest: KernelManifest, given: { job: KernelJob; reflect: ReflectKernel }): KernelInspection {
  try {
    checkManifest(manifest, given.job);
    const kernel = boundKernel(source, manifest);
    checkResources(manifest, reflectSafely(given.reflect, kernel.code));
    return { ok: true, kernel };
  } catch (error) {
    if (error instanceof KernelRefusal) return { ok: false, problem: error.problem };
    // Deeply nested text ends a recursive parser's stack.
    if (error instanceof RangeError) {
      return { ok: false, problem: { code: "kernel_syntax", message: "The kernel is nested too deeply to be read.", fix: "Nest less." } };
    }
    throw error;
  }
}

function reflectSafely(reflect: ReflectKernel, code: string): ReflectedResource[] {
  try {
    return reflect(code);
  } catch (error) {
    return refuseKernel(
      "kernel_syntax",
      `The kernel cannot be parsed: ${error instanceof Error ? error.message : String(error)}`,
      "Check it with a WGSL compiler.",
    );
  }
}

function checkManifest(manifest: KernelManifest, job: KernelJob): void {
  const { bindings, passes, rounds } = manifest;
  if (new Set(bindings.map((b) => b.binding)).size !== bindings.length)
    refuseKernel("kernel_bindings", "Two bindings of the manifest have the same number.", "Give each its own.");
  const storage = bindings.filter((b) => b.kind !== "params").length;
  const of = (kind: KernelBinding["kind"]) => bindings.filter((b) => b.kind === kind);
  if (storage > KERNEL_LIMITS.storageBindingsMax)
    refuseKernel(
      "kernel_bindings",
      `The manifest has ${storage} storage buffers; every device offers ${KERNEL_LIMITS.storageBindingsMax}.`,
      "Join some of them.",
    );
  if (of("params").length > 1 || of("input").length > 1)
    refuseKernel("kernel_bindings", "The manifest has more than one binding for parameters or for the input.", "Keep one of each.");
  if (of("output").length === 0) refuseKernel("kernel_bindings", "The manifest has no output.", 'Add a binding of the kind "output".');
  if (of("input").length > 0 !== job.hasInput)
    refuseKernel(
      "kernel_bindings",
      job.hasInput ? "The job has an input that the kernel does not bind." : "The kernel binds an input that the job does not have.",
      'Let slicing, input and the binding of the kind "input" fit.',
    );
  const missing = bindings.find((b) => b.kind === "file" && !job.fileNames.includes(b.name));
  if (missing?.kind === "file")
    refuseKernel("kernel_bindings", `The manifest binds the file ${missing.name}, which the job does not have.`, "Add it to files.");
  const wanted = kernelArgumentCount(manifest);
  if (wanted !== job.argumentCount)
    refuseKernel(
      "kernel_bindings",
      `The parameters take ${wanted} arguments; program.args has ${job.argumentCount}.`,
      "Give one argument for each field but input_bytes.",
    );
  if (passes.length * rounds > KERNEL_LIMITS.runsMax)
    refuseKernel("kernel_sizes", `Passes and rounds make ${passes.length * rounds} runs; ${KERNEL_LIMITS.runsMax} are allowed.`, "Do more in each run.");
  checkSizes(manifest, job);
}

function checkSizes(manifest: KernelManifest, { limits }: KernelJob): void {
  const uneven = manifest.bindings.find((b) => "bytes" in b && b.bytes % 4 !== 0);
  if (uneven) refuseKernel("kernel_sizes", `Binding ${uneven.binding} has a size that is no multiple of 4.`, "Buffers are counted in whole words.");
  const total = ownBufferBytes(manifest);
  if (total > limits.memoryBytesMax)
    refuseKernel(
      "kernel_sizes",
      `The buffers need ${total} bytes; limits.memoryBytesMax is ${limits.memoryBytesMax}.`,
      "Raise the limit or make buffers smaller.",
    );
  const output = kernelOutputBytes(manifest);
  if (output > limits.outputBytesMax)
    refuseKernel(
      "kernel_sizes",
      `The outputs have ${output} bytes; limits.outputBytesMax is ${limits.outputBytesMax}.`,
      "Raise the limit or put less into a shard.",
    );
}

function checkResources(manifest: KernelManifest, resources: readonly ReflectedResource[]): void {
  const own = resources.filter((resource) => resource.group === 1);
  const foreign = resources.find((resource) => resource.group > 1);
  if (foreign || own.length !== 2 || own.some((resource) => !resource.name.startsWith("shoal_")))
    refuseKernel("kernel_bindings", `${foreign?.name ?? "A resource"} is not in group 0.`, "Bind everything as @group(0).");
  const declared = resources.filter((resource) => resource.group === 0);
  if (new Set(declared.map((resource) => resource.binding)).size !== declared.length)
    refuseKernel("kernel_bindings", "Two resources of the kernel have the same binding.", "Give each its own number.");
  for (const resource of declared) {
    const binding = manifest.bindings.find((candidate) => candidate.binding === resource.binding);
    if (!binding)
      refuseKernel(
        "kernel_bindings",
        `The kernel declares ${resource.name} at binding ${resource.binding}, which the manifest does not have.`,
        "Add it to program.kernel.bindings.",
      );
    checkResource(binding, resource);
  }
  const unused = manifest.bindings.find((binding) => !declared.some((resource) => resource.binding === binding.binding));
  if (unused)
    refuseKernel(
      "kernel_bindings",
      `The manifest has binding ${unused.binding}, which the kernel does not declare.`,
      "Remove it, or declare it in the kernel.",
    );
}

function checkResource(binding: KernelBinding, resource: ReflectedResource): void {
  const { kind, words } = DECLARED_AS[binding.kind];
  if (resource.kind !== kind)
    refuseKernel("kernel_bindings", `${resource.name} at binding ${binding.binding} is ${binding.kind} in the manifest.`, `Declare it as ${words}.`);
  if (binding.kind !== "params") return;
  const fields = binding.fields.map((field) => (field === "input_bytes" ? "u32" : field));
  if (resource.members?.join() !== fields.join())
    refuseKernel(
      "kernel_bindings",
      `The parameters are ${resource.members?.join(", ") ?? "no struct of numbers"} in the kernel and ${fields.join(", ")} in the manifest.`,
      "Declare a struct with these members, in this order.",
    );
}
