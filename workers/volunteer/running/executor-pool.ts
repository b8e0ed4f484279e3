import { type Remote, transfer, wrap } from "comlink";
import type { JobId } from "#lib/domain/ids.ts";
import {
  type Executor,
  PREPARED_FILE_BYTES_MAX,
  PREPARED_JOBS_MAX,
  type PrepareRequest,
  type PrepareResult,
  type RunShardRequest,
  type ShardOutcome,
} from "#workers/executor/executor-contract.ts";
import type { BackOff } from "../back-off.ts";
import type { ExecutorHost, RunningShard } from "../engine-contract.ts";
import type { ShardRef } from "../exchange/grant-buffer.ts";
import type { GpuWatch } from "./gpu-watch.ts";

/** Compiling the largest program and hashing the largest files takes seconds; an executor that needs longer than this is dead. */
const PREPARE_DEADLINE_MS = 60_000;
/** What a run may take beyond its limit before it is ended: the message, the copy of its input, the timer. */
const GRACE_MS = 500;
/** So many ends of executors in a row, with no shard between them that ran, mean that this machine cannot compute. */
const DEATHS_IN_A_ROW_MAX = 8;

export type PoolOutcome = ShardOutcome | { status: "timeout"; stderr: string; durationMs: number };

/** What the pool asks of the engine. None of these may throw. */
export type PoolSource = {
  /** The next shard to run, if any; `prefers` names jobs that cost nothing to prepare. */
  takeNext(prefers: (jobId: JobId) => boolean): ShardRef | null;
  /** Everything to run it, or null when that cannot be had: the engine has dealt with the shard then. */
  load(shard: ShardRef): Promise<{ prepare: PrepareRequest; run: RunShardRequest & { stdin: Uint8Array<ArrayBuffer> }; timeMsMax: number } | null>;
  /** The executor refuses the job's program or files. */
  onRefused(shard: ShardRef, reason: string): void;
  /** How a shard ended; settles when its output is in safe hands, and a slot waits for it before it hands over the next. */
  onOutcome(shard: ShardRef, outcome: PoolOutcome, isFirstRun: boolean): Promise<void>;
  /** Executors cannot be had or die at once. */
  onFailed(reason: string): void;
};

type Live = {
  id: string;
  executor: Remote<Executor>;
  /** Settles when the other side is gone, where the platform tells. */
  gone: Promise<"gone">;
  sayGone: () => void;
  /** Its shard is nobody's any more, so that its end is no death. */
  isDropped: boolean;
  /** Jobs prepared there with the bytes of their files, in the order of use: a mirror of what the executor keeps. */
  prepared: Map<JobId, number>;
  timedJobs: Set<JobId>;
};
type Slot = { live: Live | null; current: (RunningShard & { shard: ShardRef }) | null; handover: Promise<void> };

/** One executor per core, each running one shard at a time; ends and replaces those that overrun their limit or die. */
export class ExecutorPool {
  readonly #host: ExecutorHost;
  readonly #source: PoolSource;
  readonly #gpu: GpuWatch;
  readonly #backOff: BackOff;
  readonly #slots: Slot[];
  #isStopped = false;
  #deathsInARow = 0;
  #wakers = new Set<() => void>();

  constructor(options: { host: ExecutorHost; cores: number; source: PoolSource; gpu: GpuWatch; backOff: BackOff }) {
    this.#gpu = options.gpu;
    this.#host = options.host;
    this.#source = options.source;
    this.#backOff = options.backOff;
    this.#slots = Array.from({ length: options.cores }, () => ({ live: null, current: null, handover: Promise.resolve() }));
  }

  start(): void {
    for (const slot of this.#slots) void this.#serve(slot);
  }

  /** There may be something to take. */
  wake(): void {
    for (const waker of this.#wakers) waker();
    this.#wakers.clear();
  }

  /** What each core runs. */
  running(): (RunningShard | null)[] {
    return this.#slots.map(({ current }) => current && { jobId: current.jobId, shardNo: current.shardNo, startedAtMs: current.startedAtMs });
  }

  /** Ends the executors that run these shards; their cores go on with others. */
  drop(shards: readonly ShardRef[]): void {
    const names = new Set(shards.map((s) => `${s.grantId} ${s.no}`));
    for (const { live, current } of this.#slots) {
      if (!live || !current || !names.has(`${current.shard.grantId} ${current.shard.no}`)) continue;
      live.isDropped = true;
      live.sayGone();
    }
  }

  /** Ends all executors; settles when the host has done so. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.wake();
    await Promise.all(this.#slots.map((slot) => this.#end(slot)));
  }

  async #serve(slot: Slot): Promise<void> {
    while (!this.#isStopped) {
      const live = slot.live ?? (await this.#spawn(slot));
      if (!live || this.#isStopped) continue;
      const shard = this.#source.takeNext((jobId) => live.prepared.has(jobId));
      if (!shard) await new Promise<void>((resolve) => this.#wakers.add(resolve));
      else {
        slot.current = { jobId: shard.jobId, shardNo: shard.no, startedAtMs: Date.now(), shard };
        await this.#runShard(slot, live, shard);
        slot.current = null;
      }
    }
  }

  async #runShard(slot: Slot, live: Live, shard: ShardRef): Promise<void> {
    const work = await Promise.race([this.#source.load(shard), live.gone]);
    if (work === null) return;
    if (work === "gone") return await this.#bury(slot, shard, "The executor ended.");
    if (!live.prepared.has(shard.jobId)) {
      const answer = await within<PrepareResult>(PREPARE_DEADLINE_MS, live, live.executor.prepare(work.prepare));
      if (answer === "gone" || answer === "late") return await this.#bury(slot, shard, "The executor does not answer.");
      if (!answer.ok) return this.#source.onRefused(shard, answer.reason);
    }
    rememberPrepared(live, work.prepare);
    const startedAt = performance.now();
    if (slot.current) slot.current.startedAtMs = Date.now();
    const outcome = await within<ShardOutcome>(work.timeMsMax + GRACE_MS, live, live.executor.run(transfer(work.run, [work.run.stdin.buffer])));
    if (outcome === "gone") return await this.#bury(slot, shard, "The executor ended while it ran the shard.");
    if (outcome === "late") {
      await this.#end(slot);
      return await this.#handOver(slot, shard, { status: "timeout", stderr: "", durationMs: performance.now() - startedAt });
    }
    this.#deathsInARow = 0;
    const isFirstRun = !live.timedJobs.has(shard.jobId);
    live.timedJobs.add(shard.jobId);
    await this.#handOver(slot, shard, outcome, isFirstRun);
  }

  async #handOver(slot: Slot, shard: ShardRef, outcome: PoolOutcome, isFirstRun = true): Promise<void> {
    await slot.handover;
    slot.handover = this.#source.onOutcome(shard, outcome, isFirstRun);
  }

  /** The executor is dead: its shard crashed, and the slot gets another one. */
  async #bury(slot: Slot, shard: ShardRef, message: string): Promise<void> {
    const isDropped = slot.live?.isDropped;
    await this.#end(slot);
    if (this.#isStopped || isDropped) return;
    this.#countDeath(message);
    await this.#handOver(slot, shard, { status: "crashed", message, stderr: "", durationMs: 0, memoryBytesPeak: 0 });
  }

  async #spawn(slot: Slot): Promise<Live | null> {
    try {
      const { id, port } = await this.#host.spawn();
      slot.live = connect(id, port);
      void this.#gpu.probe(slot.live.executor);
      if (this.#isStopped) await this.#end(slot);
      return slot.live;
    } catch (error) {
      this.#countDeath(error instanceof Error ? error.message : String(error));
      await new Promise((resolve) => setTimeout(resolve, this.#backOff.nextMs()));
      return null;
    }
  }

  #countDeath(reason: string): void {
    this.#deathsInARow++;
    if (this.#deathsInARow === DEATHS_IN_A_ROW_MAX) this.#source.onFailed(reason);
  }

  async #end(slot: Slot): Promise<void> {
    const { live } = slot;
    if (!live) return;
    slot.live = null;
    live.sayGone();
    try {
      await this.#host.kill(live.id);
    } catch {
      // A host that cannot find the executor has nothing left to end.
    }
  }
}

function connect(id: string, port: MessagePort): Live {
  const { promise: gone, resolve } = Promise.withResolvers<"gone">();
  port.addEventListener("close", () => resolve("gone"));
  const executor = wrap<Executor>(port);
  const sayGone = () => {
    resolve("gone");
    port.close();
  };
  return { id, executor, gone, sayGone, isDropped: false, prepared: new Map(), timedJobs: new Set() };
}

/** A call to a dead worker never settles, so each has a deadline. */
async function within<T>(deadlineMs: number, live: Live, call: Promise<T>): Promise<T | "gone" | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), deadlineMs);
  try {
    return await Promise.race([call, live.gone, late]);
  } catch {
    // Executors do not throw: what arrives here is a message that could not be copied or read.
    return "gone";
  } finally {
    clearTimeout(timer);
  }
}

/** Repeats the executor's own rule of what it keeps. */
function rememberPrepared({ prepared }: Live, { jobId, files }: PrepareRequest): void {
  prepared.delete(jobId as JobId);
  prepared.set(
    jobId as JobId,
    files.reduce((sum, file) => sum + file.bytes.length, 0),
  );
  for (const oldest of prepared.keys()) {
    const fileBytes = [...prepared.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (oldest === jobId || (prepared.size <= PREPARED_JOBS_MAX && fileBytes <= PREPARED_FILE_BYTES_MAX)) break;
    prepared.delete(oldest);
  }
}
