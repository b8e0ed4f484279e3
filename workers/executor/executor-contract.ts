import type { KernelManifest } from "#lib/domain/kernel/kernel-manifest.ts";
import type { RunOutcome } from "./run-wasi.ts";
import type { GpuAdapterClass } from "./wgsl/gpu-holder.ts";
import type { KernelOutcome } from "./wgsl/run-kernel.ts";

/** How many jobs an executor keeps ready; preparing one more forgets the one that was used longest ago. */
export const PREPARED_JOBS_MAX = 4;

/** Bytes of shared files an executor keeps for all its jobs; the job used longest ago goes first, the newest always stays. */
export const PREPARED_FILE_BYTES_MAX = 512 * 1024 * 1024;

/** A job's program and shared files. The bytes are checked against their digests before anything of them runs. */
export interface PrepareRequest {
  jobId: string;
  programSha256: string;
  program: Uint8Array;
  /** How the program, a WGSL kernel, is run; absent for a WASI program. */
  kernel?: KernelManifest | undefined;
  memoryBytesMax: number;
  /** Whether shards are to rest when the executor's holder says so; absent is no. A program that cannot be built for it runs as it is. */
  isPaced?: boolean | undefined;
  files: readonly { name: string; sha256: string; bytes: Uint8Array }[];
}

/** `isPaced`: the job's shards rest when they have to. */
export type PrepareResult = { ok: true; isPaced: boolean } | { ok: false; reason: string };

/** One shard of a prepared job. */
export interface RunShardRequest {
  jobId: string;
  /** Filled in, without the program's name. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  stdin: Uint8Array;
  /** 0…2⁶⁴−1. */
  seed: bigint;
  limits: { outputBytesMax: number; stderrBytesMax: number };
}

type OkOutcome = Extract<RunOutcome, { status: "ok" }>;
type OkKernelOutcome = Extract<KernelOutcome, { status: "ok" }>;

/** How the shard's run ended; an output comes with its SHA-256, that of a kernel also with the class of GPU that made it. `gpu_lost` says nothing about the shard. */
export type ShardOutcome =
  | (OkOutcome & { outputSha256: string; adapter?: undefined })
  | (OkKernelOutcome & { outputSha256: string; adapter: GpuAdapterClass })
  | Exclude<RunOutcome | KernelOutcome, OkOutcome | OkKernelOutcome>;

/**
 * What an executor worker offers over Comlink. Nothing here throws: every expected end is in the result. A program that does not end
 * keeps the call open for ever; the caller sets the deadline and ends the worker.
 */
export interface Executor {
  /** Checks and compiles a job's program once. A job that is prepared already is replaced. */
  prepare(request: PrepareRequest): Promise<PrepareResult>;
  /** Runs one shard in a fresh instance. A job that is not prepared is the outcome `crashed`. */
  run(request: RunShardRequest): Promise<ShardOutcome>;
  /** The GPU on which this executor can run kernels, or null where there is none. */
  gpu(): Promise<GpuAdapterClass | null>;
}
