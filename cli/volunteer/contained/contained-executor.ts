import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { initSha256 } from "#lib/hash/sha256.ts";
import type { Executor, PrepareRequest, PrepareResult, RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { readOutcome, readPrepared } from "./contained-answers.ts";
import { prepareFrame, runFrame } from "./contained-calls.ts";
import { ContainedProcess } from "./contained-process.ts";

/** A process is thrown away after so many runs of one job, or when they took so long; after a run that did not end well at once. */
const RUNS_MAX = 8;
const COMPUTED_MS_MAX = 5000;
const JOBS_MAX = 4;
const KIB = 1024;
/** What Node itself, the compiled program and copies on their way take beside the program's own memory. */
const OVERHEAD_BYTES = 768 * KIB * KIB;
/** Backstop for a process whose parent died: longer than any shard may run. */
const CPU_SECONDS_MAX = 900;
const HEAD_BYTES_MAX = 2 * KIB * KIB;

type Current = { process: ContainedProcess; jobId: string; runs: number; computedMs: number };

/**
 * An executor whose programs run in processes that are thrown away: each serves one job, a few runs of it, and nothing of a program outlives it. What comes back is
 * checked like anything from a stranger.
 */
export class ContainedExecutor implements Executor {
  readonly #requests = new Map<string, PrepareRequest>();
  #current: Current | null = null;
  #isClosed = false;

  async prepare(request: PrepareRequest): Promise<PrepareResult> {
    await initSha256();
    if (request.kernel) return { ok: false, reason: "A contained process runs no kernels." };
    this.#requests.delete(request.jobId);
    this.#requests.set(request.jobId, request);
    for (const oldest of this.#requests.keys()) if (this.#requests.size > JOBS_MAX) this.#requests.delete(oldest);
    return await this.#open(request);
  }

  async run(request: RunShardRequest): Promise<ShardOutcome> {
    const prepare = this.#requests.get(request.jobId);
    if (!prepare) return crashed("The job is not prepared on this executor.");
    if (this.#current?.jobId !== request.jobId) {
      const opened = await this.#open(prepare);
      if (!opened.ok) return crashed(opened.reason);
    }
    const current = this.#current;
    if (!current) return crashed("The process ended.");
    const answer = await current.process.ask(runFrame(request));
    const outcome = answer && readOutcome(answer);
    if (!outcome || (outcome.status === "ok" && outcome.output.length > request.limits.outputBytesMax)) {
      this.#discard();
      return crashed("The process ended.");
    }
    current.runs++;
    current.computedMs += outcome.durationMs;
    const isSpent = current.runs >= RUNS_MAX || current.computedMs >= COMPUTED_MS_MAX;
    if (isSpent || (outcome.status !== "ok" && outcome.status !== "exit_code")) this.#discard();
    return outcome;
  }

  async gpu(): Promise<null> {
    return null;
  }

  /** Ends what runs, at once. */
  close(): void {
    this.#isClosed = true;
    this.#discard();
  }

  get pid(): number | undefined {
    return this.#current?.process.pid;
  }

  async #open(request: PrepareRequest): Promise<PrepareResult> {
    this.#discard();
    const fileBytes = request.files.reduce((sum, { bytes }) => sum + bytes.length, request.program.length);
    const dataKibMax = Math.ceil((request.memoryBytesMax + 2 * fileBytes + OVERHEAD_BYTES) / KIB);
    const process = await ContainedProcess.start(
      { dataKibMax, cpuSecondsMax: CPU_SECONDS_MAX },
      { headBytesMax: HEAD_BYTES_MAX, partBytesMax: JOB_LIMITS.outputBytesMax },
    );
    if (this.#isClosed) process.kill();
    this.#current = { process, jobId: request.jobId, runs: 0, computedMs: 0 };
    const answer = await process.ask(prepareFrame(request));
    const prepared = (answer && readPrepared(answer)) ?? { ok: false as const, reason: "The process ended while it prepared the program." };
    if (!prepared.ok) this.#discard();
    return prepared;
  }

  #discard(): void {
    this.#current?.process.kill();
    this.#current = null;
  }
}

function crashed(message: string): ShardOutcome {
  return { status: "crashed", message, stderr: "", durationMs: 0, memoryBytesPeak: 0 };
}
