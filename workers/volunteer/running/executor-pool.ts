import { transfer } from "comlink";
import type { JobId } from "#lib/domain/ids.ts";
import type { PrepareRequest, PrepareResult, RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { startAwakeTimeout } from "../awake-timeout.ts";
import type { BackOff } from "../back-off.ts";
import { delay } from "../delay.ts";
import type { ExecutorHost, RunningShard } from "../engine-contract.ts";
import type { ShardRef } from "../exchange/grant-buffer.ts";
import type { GpuWatch } from "./gpu-watch.ts";
import { connect, hasOtherBuild, type Live, rememberBuild, rememberPrepared, within, withinComputing } from "./live-executor.ts";
import { NO_TIMES, SlotClock, type SlotTimes } from "./slot-clock.ts";
import { type WarmUpRequest, warmUp } from "./warm-up.ts";

/** A sandbox that starts no executor within this is wedged. */
const SPAWN_DEADLINE_MS = 10_000;
/** Compiling a program and hashing its files: so long, and so much more for each MiB. An executor that needs longer is dead. */
const PREPARE = { deadlineMs: 10_000, msPerMib: 100 } as const;
const MIB = 1024 * 1024;
/** What a run may take beyond its limit before it is ended: the message, the copy of its input, the timer. */
const GRACE_MS = 500;
/** So many ends of executors in a row, with no shard between them that ran, and the sandbox is built anew; so many, and this machine cannot compute. */
const DEATHS_IN_A_ROW = { rebuild: 3, fail: 8 } as const;

export type PoolOutcome = ShardOutcome | { status: "timeout"; stderr: string; durationMs: number };

/** Everything to run one shard. `warmUp` is run before the first shard of a job on an executor. */
export type LoadedShard = {
  prepare: PrepareRequest;
  run: RunShardRequest & { stdin: Uint8Array<ArrayBuffer> };
  timeMsMax: number;
  warmUp: WarmUpRequest | null;
};

/** What the pool asks of the engine. None of these may throw. */
export type PoolSource = {
  /** The job of the shard that comes next, and how long it should take, 0 where nobody knows; null when there is none. */
  expectNext(): { jobId: JobId; expectedMs: number } | null;
  expectedMs(jobId: JobId): number;
  /** The next shard to run, if any; `prefers` names jobs that cost nothing to prepare. */
  takeNext(prefers: (jobId: JobId) => boolean): ShardRef | null;
  /** Everything to run it, or null when that cannot be had: the engine has dealt with the shard then. */
  load(shard: ShardRef): Promise<LoadedShard | null>;
  /** The executor refuses the job's program or files. */
  onRefused(shard: ShardRef, reason: string): void;
  /** How a shard ended; settles when its output is in safe hands, and a slot waits for it before it hands over the next. */
  onOutcome(shard: ShardRef, outcome: PoolOutcome, isFirstRun: boolean): Promise<void>;
  /** Executors cannot be had or die at once. */
  onFailed(reason: string): void;
};

/** What the volunteer allows, asked before every shard. */
export type PoolGate = {
  /** How many executors may run. */
  active(): number;
  mayCompute(): boolean;
  /** Whether less than all of the processor is allowed, so that shards have to rest. */
  isThrottled(): boolean;
  /** Milliseconds of rest before a shard of `expectedMs`, while the running ones have `aheadMs` before them. */
  untilShardMs(expectedMs: number, aheadMs: number): number;
};

type Slot = {
  index: number;
  clock: SlotClock;
  live: Live | null;
  current: (RunningShard & { shard: ShardRef }) | null;
  handover: Promise<void>;
};

export type PoolOptions = { host: ExecutorHost; cores: number; source: PoolSource; gpu: GpuWatch; gate: PoolGate; backOff: BackOff };

/** One executor per core, each running one shard at a time; ends and replaces those that overrun their limit or die. */
export class ExecutorPool {
  readonly #options: PoolOptions;
  readonly #slots: Slot[] = [];
  readonly #stopping = new AbortController();
  readonly #ends = new Set<Promise<void>>();
  readonly #wakers = new Set<() => void>();
  #cores = 0;
  #deathsInARow = 0;
  /** What executors that are gone rested inside shards. */
  #restedByEndedMs = 0;
  #rebuilding: Promise<void> | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  start(): void {
    this.resize(this.#options.cores);
  }

  /** From now on there are so many cores; a shard on one that is taken away runs to its end. */
  resize(cores: number): void {
    this.#cores = cores;
    for (let index = this.#slots.length; index < cores && !this.#isStopped; index++) {
      const slot: Slot = { index, clock: new SlotClock(performance.now()), live: null, current: null, handover: Promise.resolve() };
      this.#slots.push(slot);
      void this.#serve(slot);
    }
    this.wake();
  }

  /** There may be something to take, or something is allowed that was not. */
  wake(): void {
    for (const waker of this.#wakers) waker();
    this.#wakers.clear();
  }

  /** What each core runs. */
  running(): (RunningShard | null)[] {
    const shown = this.#slots.filter(({ index, current }) => index < this.#cores || current);
    return shown.map(({ current }) => current && { jobId: current.jobId, shardNo: current.shardNo, startedAtMs: current.startedAtMs });
  }

  /** What all cores together did with their time, in milliseconds. */
  times(): SlotTimes {
    const nowMs = performance.now();
    const times = this.#slots.reduce((sum, { clock }) => clock.addTo(sum, nowMs), NO_TIMES);
    const restedMs = this.#slots.reduce((sum, { live }) => sum + (live?.pace.restedMs ?? 0), this.#restedByEndedMs);
    return { ...times, computing: times.computing - restedMs, resting: times.resting + restedMs };
  }

  /** From now on every executor computes for this part of its time, 0 to 1, as far as its shards can rest. */
  setDuty(duty: number): void {
    for (const { live } of this.#slots) live?.pace.order(duty);
  }

  /** Whether everything that runs rests when it has to. */
  isPaced(): boolean {
    return this.#slots.every(({ live, current }) => !live || (live.pace.isThere && (!current || live.pacedJobs.get(current.jobId) !== false)));
  }

  /** Ends the executors that run these shards; their cores go on with others. */
  drop(shards: readonly ShardRef[]): void {
    const names = new Set(shards.map((s) => `${s.grantId} ${s.no}`));
    for (const { live, current } of this.#slots) {
      if (!live || !current || !names.has(`${current.shard.grantId} ${current.shard.no}`)) continue;
      live.mark = "dropped";
      live.sayGone();
    }
  }

  /** Ends all executors; settles when the host has done so. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    for (const slot of this.#slots) this.#end(slot);
    await Promise.all(this.#ends);
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #serve(slot: Slot): Promise<void> {
    while (!this.#isStopped) {
      const { gate } = this.#options;
      if (slot.index >= gate.active()) this.#end(slot);
      if (slot.index >= gate.active() || !gate.mayCompute()) {
        await this.#wait(slot, "off");
        continue;
      }
      const live = slot.live ?? (await this.#spawn(slot));
      const shard = live && !this.#isStopped ? await this.#next(slot, live) : null;
      if (live && shard) await this.#serveShard(slot, live, shard);
    }
    slot.clock.enter("off", performance.now());
  }

  async #serveShard(slot: Slot, live: Live, shard: ShardRef): Promise<void> {
    slot.current = { jobId: shard.jobId, shardNo: shard.no, startedAtMs: Date.now(), shard };
    slot.clock.enter("loading", performance.now());
    await this.#runShard(slot, live, shard);
    // An executor that was told to go while it handed over what it ran would take the next shard with it.
    if (slot.live?.mark) this.#end(slot);
    slot.current = null;
    slot.clock.enter("idle", performance.now());
    this.wake();
  }

  /** The next shard when there is one and the share allows it; otherwise waits for a change and gives null. */
  async #next(slot: Slot, live: Live): Promise<ShardRef | null> {
    const { source } = this.#options;
    const next = source.expectNext();
    const restMs = next ? this.#untilShardMs(live, next) : 0;
    if (restMs > 0) {
      await this.#wait(slot, "resting", restMs);
      return null;
    }
    const shard = next === null ? null : source.takeNext((jobId) => live.prepared.has(jobId));
    if (!shard) await this.#wait(slot, "idle");
    return shard;
  }

  /** A shard that can rest inside need not be covered before it begins. */
  #untilShardMs(live: Live, { jobId, expectedMs }: { jobId: JobId; expectedMs: number }): number {
    const { gate } = this.#options;
    const rests = live.pace.isThere && live.pacedJobs.get(jobId) !== false;
    return rests ? gate.untilShardMs(0, 0) : gate.untilShardMs(expectedMs, this.#aheadMs());
  }

  /** Waits until somebody wakes the pool, or for `ms`. */
  async #wait(slot: Slot, state: "off" | "idle" | "resting", ms?: number): Promise<void> {
    slot.clock.enter(state, performance.now());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakers.add(resolve);
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    if (!this.#isStopped) await promise;
    clearTimeout(timer);
    this.#wakers.delete(resolve);
  }

  /** What the running shards still have before them, by what is known of their jobs. */
  #aheadMs(): number {
    const nowMs = Date.now();
    const leftOf = ({ current }: Slot) => (current ? Math.max(0, this.#options.source.expectedMs(current.jobId) - (nowMs - current.startedAtMs)) : 0);
    return this.#slots.reduce((sum, slot) => sum + leftOf(slot), 0);
  }

  async #runShard(slot: Slot, live: Live, shard: ShardRef): Promise<void> {
    const work = await Promise.race([this.#options.source.load(shard), live.gone]);
    if (work === null) return;
    if (work === "gone") return await this.#bury(slot, shard, "The executor ended.");
    const isReady = await this.#prepare(slot, live, { shard, work });
    if (!isReady) return;
    if (work.warmUp && !live.timedJobs.has(shard.jobId) && !(await warmUp(live, work.warmUp))) {
      // The compiler has seen enough of the program; another executor of the same process finds it compiled.
      this.#end(slot);
      const next = this.#isStopped || live.mark ? null : await this.#spawn(slot);
      if (!next) return await this.#bury(slot, shard, "The executor ended.");
      if (await this.#prepare(slot, next, { shard, work })) await this.#runPrepared(slot, next, { shard, work });
      return;
    }
    await this.#runPrepared(slot, live, { shard, work });
  }

  /** Whether the executor has the job's program; where not, the shard is dealt with. */
  async #prepare(slot: Slot, live: Live, { shard, work }: { shard: ShardRef; work: LoadedShard }): Promise<boolean> {
    slot.clock.enter("computing", performance.now());
    const isPaced = this.#options.gate.isThrottled() && live.pace.isThere;
    if (!live.prepared.has(shard.jobId) || hasOtherBuild(live, shard.jobId, isPaced)) {
      const bytes = work.prepare.files.reduce((sum, file) => sum + file.bytes.length, work.prepare.program.length);
      const deadlineMs = PREPARE.deadlineMs + (bytes / MIB) * PREPARE.msPerMib;
      const answer = await within<PrepareResult>(deadlineMs, live, live.executor.prepare({ ...work.prepare, isPaced }));
      if (answer === "gone" || answer === "late") {
        await this.#bury(slot, shard, "The executor does not answer.");
        return false;
      }
      if (!answer.ok) {
        this.#options.source.onRefused(shard, answer.reason);
        return false;
      }
      rememberBuild(live, shard.jobId, { wasAsked: isPaced, isPaced: answer.isPaced });
    }
    rememberPrepared(live, work.prepare);
    return true;
  }

  async #runPrepared(slot: Slot, live: Live, { shard, work }: { shard: ShardRef; work: LoadedShard }): Promise<void> {
    const startedAt = performance.now();
    if (slot.current) slot.current.startedAtMs = Date.now();
    const outcome = await withinComputing<ShardOutcome>(work.timeMsMax + GRACE_MS, live, live.executor.run(transfer(work.run, [work.run.stdin.buffer])));
    if (outcome === "gone") return await this.#bury(slot, shard, "The executor ended while it ran the shard.");
    if (outcome === "late") {
      this.#end(slot);
      return await this.#handOver(slot, shard, { status: "timeout", stderr: "", durationMs: performance.now() - startedAt });
    }
    this.#deathsInARow = 0;
    const isFirstRun = !live.timedJobs.has(shard.jobId);
    live.timedJobs.add(shard.jobId);
    await this.#handOver(slot, shard, outcome, isFirstRun);
  }

  async #handOver(slot: Slot, shard: ShardRef, outcome: PoolOutcome, isFirstRun = true): Promise<void> {
    await slot.handover;
    slot.handover = this.#options.source.onOutcome(shard, outcome, isFirstRun);
  }

  /** The executor is dead: its shard crashed, and the slot gets another one. */
  async #bury(slot: Slot, shard: ShardRef, message: string): Promise<void> {
    const mark = slot.live?.mark;
    this.#end(slot);
    if (this.#isStopped || mark === "dropped") return;
    if (mark !== "rebuilt") await this.#countDeath(message);
    await this.#handOver(slot, shard, { status: "crashed", message, stderr: "", durationMs: 0, memoryBytesPeak: 0 });
  }

  async #spawn(slot: Slot): Promise<Live | null> {
    await this.#rebuilding;
    const spawned = this.#options.host.spawn();
    const timeout = startAwakeTimeout(SPAWN_DEADLINE_MS);
    try {
      const answer = await Promise.race([spawned, timeout.over]);
      if (answer === "late") {
        // One that comes after all is not wanted any more.
        spawned.then(({ id }) => this.#options.host.kill(id)).catch(() => undefined);
        throw new Error("No executor could be started.");
      }
      slot.live = connect(answer);
      void this.#options.gpu.probe(slot.live.executor);
      if (this.#isStopped) this.#end(slot);
      return slot.live;
    } catch (error) {
      await this.#countDeath(error instanceof Error ? error.message : String(error));
      await delay(this.#options.backOff.nextMs(), this.#stopping.signal);
      return null;
    } finally {
      timeout.cancel();
    }
  }

  async #countDeath(reason: string): Promise<void> {
    this.#deathsInARow++;
    if (this.#deathsInARow === DEATHS_IN_A_ROW.fail) this.#options.source.onFailed(reason);
    else if (this.#deathsInARow % DEATHS_IN_A_ROW.rebuild === 0) await this.#rebuild();
  }

  /** Builds the sandbox anew, with all executors in it. */
  async #rebuild(): Promise<void> {
    const { host } = this.#options;
    if (host.rebuild === undefined || this.#rebuilding !== null) return;
    for (const slot of this.#slots) {
      if (!slot.live) continue;
      slot.live.mark ??= "rebuilt";
      slot.live.sayGone();
      if (!slot.current) slot.live = null;
    }
    // A host that cannot rebuild says so by the next spawn.
    this.#rebuilding = host.rebuild().catch(() => undefined);
    await this.#rebuilding;
    this.#rebuilding = null;
  }

  /** Ends the slot's executor; nobody but a stop waits for the host to be done with it. */
  #end(slot: Slot): void {
    const { live } = slot;
    if (!live) return;
    slot.live = null;
    this.#restedByEndedMs += live.pace.restedMs;
    live.sayGone();
    // A host that cannot find the executor has nothing left to end.
    const end = this.#options.host.kill(live.id).catch(() => undefined);
    this.#ends.add(end);
    void end.then(() => this.#ends.delete(end));
  }
}
