import type { ExchangeOutput } from "#lib/protocol/exchange/exchange.ts";
import { createBackOff } from "./back-off.ts";
import { delay } from "./delay.ts";
import { type EngineEvents, type EnginePhase, type EngineReason, type EngineSnapshot, type ExecutorHost, waitReason } from "./engine-contract.ts";
import { type Connection, judgeTrouble } from "./exchange/connection.ts";
import { ExchangeLoop, type SeqMemory } from "./exchange/exchange-loop.ts";
import { GrantBuffer, type Settled } from "./exchange/grant-buffer.ts";
import { Meter } from "./meter.ts";
import { ExecutorPool } from "./running/executor-pool.ts";
import { GpuWatch } from "./running/gpu-watch.ts";
import { JobShelf } from "./running/job-shelf.ts";
import { ShardSource } from "./running/shard-source.ts";
import { createTransfers } from "./running/transfers.ts";

const SNAPSHOT_EVERY_MS = 250;
const BACK_OFF = { baseMs: 250, capMs: 30_000, random: Math.random };

export type EngineOptions = {
  /** The instance; relative URLs of grants and manifests start from it. */
  baseUrl: string;
  cores: number;
  host: ExecutorHost;
  connection: Connection;
  seqMemory: SeqMemory;
  events: EngineEvents;
};

/**
 * Computes for an instance until stopped: one batch computing, the next fetched, results reported, everything handed back at the end. One object is one
 * run; `engine-contract.ts` has the table of its phases. It makes no workers and holds no timers of the page.
 */
export class VolunteerEngine {
  readonly #options: EngineOptions;
  readonly #buffer = new GrantBuffer();
  readonly #meter = new Meter();
  readonly #shelf: JobShelf;
  readonly #source: ShardSource;
  readonly #pool: ExecutorPool;
  readonly #loop: ExchangeLoop;
  readonly #transfersEnd = new AbortController();
  readonly #gpu = new GpuWatch();
  readonly #unusable = createBackOff({ baseMs: 1000, capMs: 60_000, random: Math.random });
  #device: { deviceId: string; trusted: boolean } | null = null;
  /** `running` here stands for both running and waiting: which of them follows from what is held. */
  #phase: Exclude<EnginePhase, "waiting"> = "idle";
  /** Why it failed, what goes wrong at present, and why the instance has nothing; the first that is there is told. */
  #reasons: { failure: EngineReason | null; trouble: EngineReason | null; wait: EngineReason | null } = { failure: null, trouble: null, wait: null };
  #sinceMs: number | null = null;
  #ticker: ReturnType<typeof setInterval> | null = null;
  /** Settles when everything is handed back; null while nothing has ended the engine. */
  #ending: Promise<void> | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { baseUrl, cores, host, connection, seqMemory } = options;
    const transfers = createTransfers(baseUrl, this.#transfersEnd.signal);
    this.#shelf = new JobShelf(transfers.fetchBytes);
    this.#source = new ShardSource({
      buffer: this.#buffer,
      shelf: this.#shelf,
      meter: this.#meter,
      transfers,
      gpu: this.#gpu,
      onChange: () => this.#loop.wake(),
      onUnusable: (reason) => this.#onUnusable(reason),
      onFailed: (reason) => this.#fail(reason),
    });
    this.#pool = new ExecutorPool({ host, cores, source: this.#source, gpu: this.#gpu, backOff: createBackOff(BACK_OFF) });
    this.#loop = new ExchangeLoop({
      connection,
      buffer: this.#buffer,
      meter: this.#meter,
      shelf: this.#shelf,
      cores,
      backOff: createBackOff(BACK_OFF),
      hasWebgpu: () => this.#gpu.isOn(performance.now()),
      seqMemory,
      onAnswer: (answer, settled) => this.#onAnswer(answer, settled),
      onTrouble: (reason) => {
        this.#reasons.trouble = reason;
      },
      onFatal: (reason) => this.#fail(reason),
    });
  }

  /** Registers and computes; settles when the engine has stopped or failed. Call it once. */
  async run(): Promise<EngineSnapshot> {
    this.#phase = "starting";
    this.#sinceMs = Date.now();
    this.#ticker = setInterval(() => this.#publish(), SNAPSHOT_EVERY_MS);
    this.#publish();
    try {
      this.#pool.start();
      if (await this.#open()) {
        await this.#gpu.settled(this.#transfersEnd.signal);
        await this.#loop.run();
      }
    } catch (error) {
      this.#fail({ code: "internal", params: {}, message: error instanceof Error ? error.message : String(error) });
    }
    await this.#ending;
    return this.snapshot();
  }

  /** Hands everything back and ends the executors; settles within about a second. */
  async stop(): Promise<void> {
    this.#ending ??= this.#end("stopped");
    await this.#ending;
  }

  snapshot(): EngineSnapshot {
    const held = this.#buffer.countHeld();
    const jobs = held.flatMap(({ jobId }) => {
      const manifest = this.#shelf.find(jobId);
      return manifest ? [{ jobId, name: manifest.name, description: manifest.description, topic: manifest.topic }] : [];
    });
    const { failure, trouble, wait } = this.#reasons;
    // Between two batches nothing may be held for a moment; waiting is what the instance or trouble causes.
    const isIdle = this.#buffer.isEmpty && (wait ?? trouble) !== null;
    const phase = this.#phase === "running" && isIdle ? "waiting" : this.#phase;
    return {
      phase,
      reason: failure ?? trouble ?? (phase === "waiting" ? wait : null),
      jobs,
      perExecutor: this.#pool.running(),
      counts: { ...this.#meter.counts },
      ratePerMinute: this.#sinceMs === null ? 0 : this.#meter.ratePerMinute(Date.now(), this.#sinceMs),
      sinceMs: this.#sinceMs,
      cores: this.#options.cores,
      deviceId: this.#device?.deviceId ?? null,
      trusted: this.#device?.trusted ?? false,
    };
  }

  get #isEnding(): boolean {
    return this.#ending !== null;
  }

  /** Registers the device, for as long as that takes; false when the engine ends first. */
  async #open(): Promise<boolean> {
    const backOff = createBackOff(BACK_OFF);
    const { signal } = this.#transfersEnd;
    while (!this.#isEnding) {
      try {
        this.#device = await this.#options.connection.open(signal);
        this.#reasons.trouble = null;
        return !this.#isEnding;
      } catch (error) {
        if (this.#isEnding) return false;
        const { reason, isFatal, atLeastMs } = judgeTrouble(error);
        if (isFatal) {
          this.#fail(reason);
          return false;
        }
        this.#reasons.trouble = reason;
        await delay(backOff.nextMs(atLeastMs), signal);
      }
    }
    return false;
  }

  #onAnswer(answer: ExchangeOutput, settled: Settled): void {
    const { counts } = this.#meter;
    counts.taken += settled.taken;
    counts.late += settled.late;
    counts.failed += settled.refused;
    this.#pool.drop(settled.dropped);
    if (this.#isEnding) return;
    this.#phase = "running";
    if (answer.grants.length > 0) this.#reasons.wait = null;
    else if (answer.reason) this.#reasons.wait = waitReason(answer.reason, { jobs: answer.jobsNeedingWebgpu ?? 0 });
    for (const grant of answer.grants) this.#source.warm(grant);
    this.#source.trim();
    this.#shelf.trim((jobId) => this.#buffer.holdsJob(jobId));
    this.#pool.wake();
  }

  /** Grants that cannot be run are handed back at once, but asking for more waits: the next would be the same. */
  #onUnusable(reason: EngineReason): void {
    if (this.#isEnding) return;
    this.#reasons.wait = reason;
    this.#loop.delayAsking(this.#unusable.nextMs());
    this.#loop.wake();
  }

  #fail(reason: EngineReason): void {
    this.#reasons.failure ??= reason;
    this.#ending ??= this.#end("failed");
  }

  async #end(phase: "stopped" | "failed"): Promise<void> {
    this.#phase = "stopping";
    this.#publish();
    await Promise.all([this.#pool.stop(), this.#loop.stop()]);
    this.#transfersEnd.abort();
    this.#phase = phase;
    if (this.#ticker) clearInterval(this.#ticker);
    this.#publish();
  }

  #publish(): void {
    const { events, connection } = this.#options;
    events.onSnapshot(this.snapshot());
    if (!events.onFarewell) return;
    const lastWords = this.#loop.lastWords();
    events.onFarewell(lastWords && connection.farewell(lastWords));
  }
}
