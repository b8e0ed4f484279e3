import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Executor, PrepareRequest, PrepareResult, RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import type { GpuAdapterClass } from "#workers/executor/wgsl/gpu-holder.ts";

const CHILD = fileURLToPath(new URL("gpu-child.ts", import.meta.url));
/** What drivers read of the environment; nothing else is passed on. */
const DRIVER_VARIABLES = ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "LD_LIBRARY_PATH", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "PATH"] as const;
/** A machine without a GPU is not asked with every executor. */
const ABSENT_MS = 600_000;
const JOBS_MAX = 8;

type Call = { name: "gpu" } | { name: "prepare"; request: PrepareRequest } | { name: "run"; request: RunShardRequest };
export type GpuCall = { no: number; call: Call };
export type GpuAnswer = { no: number; answer: GpuAdapterClass | null | PrepareResult | ShardOutcome };

type Child = { process: ChildProcess; prepared: Set<string> };
type Waiting = { no: number; settle(answer: GpuAnswer["answer"] | "ended"): void };

/**
 * The machine's GPU for all executors of this process: one child process, one call at a time, because Dawn ends a process in which two threads use it. A child that
 * dies, or is ended with whoever waited for it, has lost its GPU; the next call starts another one.
 */
export class GpuProcess {
  readonly #requests = new Map<string, PrepareRequest>();
  #child: Child | null = null;
  #waiting: Waiting | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #no = 0;
  #absentUntilMs = Number.NEGATIVE_INFINITY;

  /** The executor that one thread sees. `signal` ends what it has asked for, and with it the child if that is at it. */
  executorFor(signal: AbortSignal): Executor {
    return {
      gpu: async () => await this.#inTurn(signal, null, async () => await this.#adapter()),
      prepare: async (request) => await this.#inTurn(signal, { ok: false, reason: "The GPU's process ended." }, async () => await this.#prepare(request)),
      run: async (request) => await this.#inTurn(signal, GPU_LOST, async () => await this.#run(request)),
    };
  }

  /** Ends the child; nothing may be asked afterwards. */
  close(): void {
    this.#child?.process.kill("SIGKILL");
  }

  async #adapter(): Promise<GpuAdapterClass | null> {
    if (performance.now() < this.#absentUntilMs) return null;
    const answer = await this.#ask({ name: "gpu" });
    const adapter = answer === "ended" ? null : (answer as GpuAdapterClass | null);
    if (!adapter) {
      this.#absentUntilMs = performance.now() + ABSENT_MS;
      this.close();
    }
    return adapter;
  }

  async #prepare(request: PrepareRequest): Promise<PrepareResult> {
    this.#requests.delete(request.jobId);
    this.#requests.set(request.jobId, request);
    for (const oldest of this.#requests.keys()) if (this.#requests.size > JOBS_MAX) this.#requests.delete(oldest);
    const answer = await this.#ask({ name: "prepare", request });
    if (answer === "ended") return { ok: false, reason: "The GPU's process ended while it prepared the kernel." };
    this.#child?.prepared.add(request.jobId);
    return answer as PrepareResult;
  }

  async #run(request: RunShardRequest): Promise<ShardOutcome> {
    const prepare = this.#requests.get(request.jobId);
    // Another child knows nothing of what its predecessor had prepared.
    if (prepare && !this.#child?.prepared.has(request.jobId)) {
      const prepared = await this.#prepare(prepare);
      if (!prepared.ok) return GPU_LOST;
    }
    const answer = await this.#ask({ name: "run", request });
    return answer === "ended" ? GPU_LOST : (answer as ShardOutcome);
  }

  async #inTurn<T>(signal: AbortSignal, ended: T, act: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (signal.aborted) return ended;
      // Only a process can be stopped in the middle of a dispatch.
      const end = (): void => this.close();
      signal.addEventListener("abort", end);
      try {
        return await act();
      } finally {
        signal.removeEventListener("abort", end);
      }
    });
    this.#queue = turn.catch(() => undefined);
    return await turn;
  }

  async #ask(call: Call): Promise<GpuAnswer["answer"] | "ended"> {
    this.#child ??= this.#start();
    const { process: child } = this.#child;
    const { promise, resolve } = Promise.withResolvers<GpuAnswer["answer"] | "ended">();
    this.#waiting = { no: ++this.#no, settle: resolve };
    child.send({ no: this.#no, call } satisfies GpuCall, (error) => {
      if (error) resolve("ended");
    });
    return await promise;
  }

  #start(): Child {
    const env = Object.fromEntries(DRIVER_VARIABLES.map((name) => [name, process.env[name]])) as NodeJS.ProcessEnv;
    const child = fork(CHILD, [], { serialization: "advanced", execArgv: [], env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const started: Child = { process: child, prepared: new Set() };
    child.on("message", ({ no, answer }: GpuAnswer) => {
      if (this.#waiting?.no === no) this.#waiting.settle(answer);
    });
    const onEnd = (): void => {
      if (this.#child === started) this.#child = null;
      this.#waiting?.settle("ended");
    };
    child.on("exit", onEnd);
    child.on("error", onEnd);
    // The process may end while its GPU has nothing to do.
    child.unref();
    child.channel?.unref();
    return started;
  }
}

const GPU_LOST: ShardOutcome = { status: "gpu_lost", stderr: "", durationMs: 0, memoryBytesPeak: 0 };
