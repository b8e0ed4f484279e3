import type { PrepareRequest, RunShardRequest } from "#workers/executor/executor-contract.ts";
import type { Frame } from "./frames.ts";

type PrepareHead = Omit<PrepareRequest, "program" | "files"> & { files: { name: string; sha256: string }[] };
type RunHead = Omit<RunShardRequest, "stdin" | "seed"> & { seed: string };
/** What a parent asks of a contained process; the bytes go beside it. */
export type ContainedCall = { name: "prepare"; request: PrepareHead } | { name: "run"; request: RunHead };

export function prepareFrame({ program, files, ...rest }: PrepareRequest): Frame {
  const request = { ...rest, files: files.map(({ name, sha256 }) => ({ name, sha256 })) };
  return { head: { name: "prepare", request } satisfies ContainedCall, parts: [program, ...files.map(({ bytes }) => bytes)].map(plain) };
}

export function runFrame({ stdin, seed, ...rest }: RunShardRequest): Frame {
  return { head: { name: "run", request: { ...rest, seed: String(seed) } } satisfies ContainedCall, parts: [plain(stdin)] };
}

/** The call that a frame stands for. */
export function splitCall(
  call: ContainedCall,
  parts: readonly Uint8Array[],
): { name: "prepare"; request: PrepareRequest } | { name: "run"; request: RunShardRequest } {
  const [first = new Uint8Array(), ...rest] = parts;
  if (call.name === "run") return { name: "run", request: { ...call.request, seed: BigInt(call.request.seed), stdin: first } };
  const files = call.request.files.map((file, i) => ({ ...file, bytes: rest[i] ?? new Uint8Array() }));
  return { name: "prepare", request: { ...call.request, program: first, files } };
}

/** Bytes may lie in memory that threads share; a pipe takes a copy. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
