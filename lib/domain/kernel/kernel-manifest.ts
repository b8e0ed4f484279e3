/** Numbers a kernel can take as parameters; `input_bytes` is a `u32` that Shoal fills with the length of the shard's input. */
export const KERNEL_FIELDS = ["u32", "i32", "f32", "input_bytes"] as const;
export type KernelField = (typeof KERNEL_FIELDS)[number];

/** What an output buffer holds. In `f32` every NaN is written as 0x7fc00000 before the output is hashed. */
export const KERNEL_ELEMENTS = ["bytes", "u32", "i32", "f32"] as const;
export type KernelElements = (typeof KERNEL_ELEMENTS)[number];

/** One resource of the kernel, `@group(0) @binding(binding)`. */
export type KernelBinding =
  | { kind: "params"; binding: number; fields: KernelField[] }
  | { kind: "input"; binding: number }
  | { kind: "file"; binding: number; name: string }
  | { kind: "scratch"; binding: number; bytes: number }
  | { kind: "output"; binding: number; bytes: number; elements: KernelElements };

/** In which rounds a pass runs. */
export const PASS_ROUNDS = ["every", "first", "last"] as const;
export type PassRounds = (typeof PASS_ROUNDS)[number];

/** One entry point, run over so many workgroups in one dimension. Devices cut it into dispatches of any size. */
export type KernelPass = { entryPoint: string; workgroups: number; in: PassRounds };

/** How a WGSL module is run for one shard: its passes in order, `rounds` times. Outputs are joined in the order of their binding numbers. */
export type KernelManifest = { bindings: KernelBinding[]; passes: KernelPass[]; rounds: number; loopIterationsMax: number };

/**
 * Bounds of every kernel. Buffers keep to what each WebGPU device offers. Steps are tokens of the source as one invocation may pass them: together with the
 * iteration budget they bound what one workgroup, which nothing can interrupt, may compute.
 */
export const KERNEL_LIMITS = {
  sourceBytesMax: 64 * 1024,
  bindingsMax: 8,
  storageBindingsMax: 7,
  fieldsMax: 64,
  passesMax: 8,
  roundsMax: 100_000,
  /** Passes × rounds. */
  runsMax: 100_000,
  workgroupsMax: 2 ** 24,
  workgroupSizeMax: 256,
  workgroupDepthMax: 64,
  workgroupMemoryBytesMax: 16_384,
  bufferBytesMax: 128 * 1024 * 1024,
  loopIterationsMax: 2 ** 24,
  invocationStepsMax: 2 ** 26,
  workgroupStepsMax: 2 ** 28,
  /** Tokens of an entry point with every call written out. */
  expandedTokensMax: 200_000,
  /** A value of a fixed-size type; larger data lies in runtime-sized storage arrays. */
  valueBytesMax: 4096,
  /** All variables together, as if each had the largest type. */
  variableBytesMax: 128 * 1024,
} as const;

/** Bytes of all buffers that a manifest itself sizes; the input and files come on top. */
export function ownBufferBytes(manifest: KernelManifest): number {
  return manifest.bindings.reduce((sum, binding) => sum + ("bytes" in binding ? binding.bytes : 0), 0);
}

/** Bytes of a shard's output, the same for every shard of a job. */
export function kernelOutputBytes(manifest: KernelManifest): number {
  return manifest.bindings.reduce((sum, binding) => sum + (binding.kind === "output" ? binding.bytes : 0), 0);
}

/** How many arguments fill the kernel's parameters. */
export function kernelArgumentCount(manifest: KernelManifest): number {
  return manifest.bindings.reduce((sum, b) => sum + (b.kind === "params" ? b.fields.filter((field) => field !== "input_bytes").length : 0), 0);
}
