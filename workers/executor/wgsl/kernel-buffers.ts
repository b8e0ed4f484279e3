import { canonicaliseNan } from "#lib/domain/compare/canonical-nan.ts";
import { KERNEL_LIMITS, type KernelBinding, type KernelField, type KernelManifest } from "#lib/domain/kernel/kernel-manifest.ts";
import { BATCH_PARTS_MAX } from "./pace.ts";

/** Distance of two frames in their buffer: the default limit of `minUniformBufferOffsetAlignment`. */
export const FRAME_STRIDE = 256;
const STATUS_BYTES = 4;
// The flags of WebGPU, which Node does not have as globals.
const USAGE = { mapRead: 1, copySrc: 4, copyDst: 8, uniform: 64, storage: 128 } as const;

/** What one shard brings to its kernel. */
export type ShardData = { args: readonly string[]; input: Uint8Array; files: readonly { name: string; bytes: Uint8Array }[] };
export type KernelBuffers = {
  user: { binding: number; buffer: GPUBuffer }[];
  frames: GPUBuffer;
  status: GPUBuffer;
  statusRead: GPUBuffer;
  outputs: { buffer: GPUBuffer; read: GPUBuffer; from: Extract<KernelBinding, { kind: "output" }> }[];
};

/** Why a shard's data does not fit its kernel; null if it does. The same on every device. */
export function findDataProblem(manifest: KernelManifest, data: ShardData): string | null {
  const filled = parseArgs(manifest, data);
  if (typeof filled === "string") return filled;
  const large = [data.input, ...data.files.map((file) => file.bytes)].find((bytes) => bytes.length > KERNEL_LIMITS.bufferBytesMax);
  return large ? `A buffer of ${large.length} bytes is more than the ${KERNEL_LIMITS.bufferBytesMax} that every device offers.` : null;
}

/** Makes and fills every buffer of a shard; the device's error scopes tell what it could not give. */
export function createBuffers(device: GPUDevice, manifest: KernelManifest, data: ShardData): KernelBuffers {
  const create = (bytes: number, usage: number) => device.createBuffer({ size: Math.max(16, Math.ceil(bytes / 16) * 16), usage });
  const outputs: KernelBuffers["outputs"] = [];
  const user = [...manifest.bindings]
    .sort((a, b) => a.binding - b.binding)
    .map((from) => {
      const content = contentOf(from, manifest, data);
      const usage = from.kind === "params" ? USAGE.uniform : USAGE.storage;
      // An exact length matters: a kernel reads it from its array.
      const buffer = device.createBuffer({ size: sizeOf(from, content), usage: usage | USAGE.copyDst | USAGE.copySrc });
      if (content) device.queue.writeBuffer(buffer, 0, content);
      if (from.kind === "output") outputs.push({ buffer, read: device.createBuffer({ size: from.bytes, usage: USAGE.mapRead | USAGE.copyDst }), from });
      return { binding: from.binding, buffer };
    });
  return {
    user,
    outputs,
    frames: create(BATCH_PARTS_MAX * FRAME_STRIDE, USAGE.uniform | USAGE.copyDst),
    status: create(STATUS_BYTES, USAGE.storage | USAGE.copySrc),
    statusRead: create(STATUS_BYTES, USAGE.mapRead | USAGE.copyDst),
  };
}

/** Frees what `createBuffers` made. */
export function destroyBuffers({ user, outputs, frames, status, statusRead }: KernelBuffers): void {
  for (const buffer of [...user.map((entry) => entry.buffer), ...outputs.map((output) => output.read), frames, status, statusRead]) buffer.destroy();
}

/** The outputs joined in the order of their bindings, NaN in one form. Call it when they are mapped. */
export function joinOutputs(outputs: KernelBuffers["outputs"]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(outputs.reduce((sum, { from }) => sum + from.bytes, 0));
  let at = 0;
  for (const { read, from } of outputs) {
    joined.set(new Uint8Array(read.getMappedRange()).subarray(0, from.bytes), at);
    if (from.elements === "f32") canonicaliseNan(joined.subarray(at, at + from.bytes));
    at += from.bytes;
  }
  return joined;
}

function sizeOf(from: KernelBinding, content: Uint8Array | null): number {
  if ("bytes" in from) return from.bytes;
  // A binding of nothing is an error in WebGPU; one word is the smallest array.
  return Math.max(from.kind === "params" ? 16 : 4, content?.length ?? 0);
}

function contentOf(from: KernelBinding, manifest: KernelManifest, data: ShardData): Uint8Array<ArrayBuffer> | null {
  if (from.kind === "params") return fillParams(manifest, data);
  if (from.kind === "input") return inWords(data.input);
  if (from.kind === "file") return inWords(data.files.find((file) => file.name === from.name)?.bytes ?? new Uint8Array());
  return null;
}

/** A copy that ends with a whole word: buffers are written and bound in words. */
function inWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  words.set(bytes);
  return words;
}

function fillParams(manifest: KernelManifest, data: ShardData): Uint8Array<ArrayBuffer> {
  const filled = parseArgs(manifest, data);
  return typeof filled === "string" ? new Uint8Array(16) : filled;
}

function parseArgs(manifest: KernelManifest, { args, input }: ShardData): Uint8Array<ArrayBuffer> | string {
  const fields = manifest.bindings.flatMap((from) => (from.kind === "params" ? from.fields : []));
  const bytes = new Uint8Array(Math.max(16, Math.ceil(fields.length / 4) * 16));
  const view = new DataView(bytes.buffer);
  const rest = [...args];
  for (const [index, field] of fields.entries()) {
    const text = (field === "input_bytes" ? String(input.length) : rest.shift()) ?? "";
    if (!writeNumber(view, index * 4, { field, text })) return `The parameter ${index} is “${text}”, which is no ${field}.`;
  }
  return rest.length > 0 ? `The kernel takes fewer than ${args.length} arguments.` : bytes;
}

/** Writes a number as its field wants it; false for text that is none, or does not fit. */
function writeNumber(view: DataView, at: number, { field, text }: { field: KernelField; text: string }): boolean {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return false;
  if (field === "f32") {
    view.setFloat32(at, value, true);
    return true;
  }
  const [min, max] = field === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  if (!Number.isInteger(value) || value < min || value > max) return false;
  // The bits of a number above 2³¹ are those of a u32.
  view.setInt32(at, value | 0, true);
  return true;
}
