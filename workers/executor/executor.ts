import { transfer } from "comlink";
import type { KernelManifest } from "#lib/domain/kernel/kernel-manifest.ts";
import { inspectWasm, PAGE_BYTES } from "#lib/domain/program/inspect-wasm.ts";
import { withMemoryMaximum } from "#lib/domain/program/memory-maximum.ts";
import { withYieldPoints } from "#lib/domain/program/paced-build.ts";
import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import {
  type Executor,
  PREPARED_FILE_BYTES_MAX,
  PREPARED_JOBS_MAX,
  type PrepareRequest,
  type PrepareResult,
  type RunShardRequest,
  type ShardOutcome,
} from "./executor-contract.ts";
import type { Pacer } from "./pacing/pacer.ts";
import { runWasi } from "./run-wasi.ts";
import { createGpuHolder, type FindGpu, findBrowserGpu, type GpuHolder } from "./wgsl/gpu-holder.ts";
import { type PreparedKernel, prepareKernel } from "./wgsl/prepare-kernel.ts";
import { runKernel } from "./wgsl/run-kernel.ts";

interface PreparedJob {
  code: { runtime: "wasi"; module: WebAssembly.Module; isPaced: boolean } | { runtime: "wgsl"; kernel: PreparedKernel };
  files: { name: string; bytes: Uint8Array }[];
  fileBytes: number;
  memoryBytesMax: number;
}

/**
 * An executor: runs shards one after another in the thread that calls it. `findGpu` gives the platform's WebGPU; `pacer`, asked for before every use, makes
 * shards rest, where whoever holds the executor can tell it to.
 */
export function createExecutor(findGpu: FindGpu = findBrowserGpu, pacer: () => Pacer | null = () => null): Executor {
  const gpus = createGpuHolder(findGpu);
  /** In the order of use, the latest last. */
  const jobs = new Map<string, PreparedJob>();
  const keep = (jobId: string, job: PreparedJob): void => {
    jobs.delete(jobId);
    jobs.set(jobId, job);
    for (const oldest of jobs.keys()) {
      const fileBytes = [...jobs.values()].reduce((sum, prepared) => sum + prepared.fileBytes, 0);
      if (oldest === jobId || (jobs.size <= PREPARED_JOBS_MAX && fileBytes <= PREPARED_FILE_BYTES_MAX)) break;
      jobs.delete(oldest);
    }
  };
  return {
    async prepare(request) {
      try {
        await initSha256();
        jobs.delete(request.jobId);
        const prepared = await prepareJob({ ...request, isPaced: request.isPaced === true && pacer() !== null });
        if ("reason" in prepared) return { ok: false, reason: prepared.reason };
        keep(request.jobId, prepared);
        return { ok: true, isPaced: prepared.code.runtime === "wasi" && prepared.code.isPaced };
      } catch (error) {
        return { ok: false, reason: `This machine could not prepare the program: ${wordsOf(error)}` };
      }
    },
    async run(request) {
      try {
        await initSha256();
        const job = jobs.get(request.jobId);
        if (job === undefined) return crashed("The job is not prepared on this executor.");
        keep(request.jobId, job);
        return job.code.runtime === "wgsl"
          ? await runKernelShard(gpus, { ...job, kernel: job.code.kernel }, request)
          : runShard({ job, module: job.code.module, pacer: pacer() }, request);
      } catch (error) {
        return crashed(wordsOf(error));
      }
    },
    async gpu() {
      return (await gpus.get())?.adapter ?? null;
    },
  };
}

async function prepareJob(request: PrepareRequest): Promise<PreparedJob | Exclude<PrepareResult, { ok: true }>> {
  const { program, programSha256, memoryBytesMax, files } = request;
  if (sha256Hex(program) !== programSha256) return refusal("The program is not the one that was announced: its SHA-256 differs.");
  const changed = files.find(({ bytes, sha256 }) => sha256Hex(bytes) !== sha256);
  if (changed !== undefined) return refusal(`The file ${changed.name} is not the one that was announced: its SHA-256 differs.`);
  const code = request.kernel === undefined ? await compileWasi(request) : checkKernel({ ...request, kernel: request.kernel });
  if (typeof code === "string") return refusal(code);
  return {
    code,
    files: files.map(({ name, bytes }) => ({ name, bytes })),
    fileBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    memoryBytesMax,
  };
}

/** The code to run, or in words why it is refused. */
async function compileWasi({ program, memoryBytesMax, isPaced }: PrepareRequest): Promise<PreparedJob["code"] | string> {
  const [problem] = inspectWasm(program, memoryBytesMax).problems;
  if (problem !== undefined) return `${problem.message} ${problem.fix}`;
  const bounded = withMemoryMaximum(program, Math.floor(memoryBytesMax / PAGE_BYTES));
  const paced = isPaced ? withYieldPoints(bounded) : null;
  return { runtime: "wasi", module: await WebAssembly.compile(paced?.bytes ?? bounded), isPaced: paced !== null };
}

function checkKernel({ program, kernel, files, memoryBytesMax }: PrepareRequest & { kernel: KernelManifest }): PreparedJob["code"] | string {
  const prepared = prepareKernel({ program, manifest: kernel, fileNames: files.map((file) => file.name), memoryBytesMax });
  return typeof prepared === "string" ? prepared : { runtime: "wgsl", kernel: prepared };
}

type Machine = { job: PreparedJob; module: WebAssembly.Module; pacer: Pacer | null };

function runShard({ job, module, pacer }: Machine, request: RunShardRequest): ShardOutcome {
  const { args, env, stdin, seed } = request;
  const limits = { ...request.limits, tmpBytesMax: job.memoryBytesMax };
  const outcome = runWasi({ module, files: job.files, args, env, stdin, seed, limits, pacer });
  if (outcome.status !== "ok") return outcome;
  return transfer({ ...outcome, outputSha256: sha256Hex(outcome.output) }, [outcome.output.buffer]);
}

async function runKernelShard(gpus: GpuHolder, job: PreparedJob & { kernel: PreparedKernel }, request: RunShardRequest): Promise<ShardOutcome> {
  const gpu = await gpus.get();
  if (gpu === null) return { status: "gpu_lost", stderr: "", durationMs: 0, memoryBytesPeak: 0 };
  const data = { args: request.args, input: request.stdin, files: job.files };
  const limits = { outputBytesMax: request.limits.outputBytesMax, memoryBytesMax: job.memoryBytesMax };
  const outcome = await runKernel({ prepared: job.kernel, gpu, data, limits });
  if (outcome.status === "gpu_lost") {
    gpus.drop(gpu);
    job.kernel.pace.halve();
  }
  if (outcome.status !== "ok") return outcome;
  return transfer({ ...outcome, outputSha256: sha256Hex(outcome.output), adapter: gpu.adapter }, [outcome.output.buffer]);
}

function refusal(reason: string): Exclude<PrepareResult, { ok: true }> {
  return { ok: false, reason };
}

function crashed(message: string): ShardOutcome {
  return { status: "crashed", message, stderr: "", durationMs: 0, memoryBytesPeak: 0 };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
