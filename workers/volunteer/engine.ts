import { serves } from "#lib/domain/dispatch/serves.ts";
import type { Situation } from "#lib/domain/governor/decide-activity.ts";
import type { VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { ExchangeOutput } from "#lib/protocol/exchange/exchange.ts";
import { createBackOff } from "./back-off.ts";
import type { EngineEvents, EnginePhase, EngineReason, EngineSnapshot, ExecutorHost } from "./engine-contract.ts";
import { gpuLostReason, waitReason } from "./engine-reasons.ts";
import { type Connection, judgeTrouble } from "./exchange/connection.ts";
import { ExchangeLoop, type SeqMemory } from "./exchange/exchange-loop.ts";
import { GrantBuffer, type Settled } from "./exchange/grant-buffer.ts";
import type { DataMeter } from "./governing/data-meter.ts";
import { Governor } from "./governing/governor.ts";
import { PauseKeeper } from "./governing/pause-keeper.ts";
import { Meter } from "./meter.ts";
import { Nap } from "./nap.ts";
import { ExecutorPool } from "./running/executor-pool.ts";
import { type GpuRest, GpuWatch } from "./running/gpu-watch.ts";
import { JobShelf } from "./running/job-shelf.ts";
import { ShardSource } from "./running/shard-source.ts";
import { createTransfers } from "./running/transfers.ts";
import { createArtifactSource } from "./storage/artifact-source.ts";
import { ResultLedger } from "./storage/result-ledger.ts";
import type { EngineStorage } from "./storage/storage-contract.ts";

const TICK_MS = 250;
const BACK_OFF = { baseMs: 250, capMs: 30_000, random: Math.random };

export type EngineOptions = {
  /** The instance; relative URLs of grants and manifests start from it. */
  baseUrl: string;
  settings: VolunteerSettings;
  situation: Situation;
  /** How many cores the setting `null` stands for. */
  coresDefault: number;
  host: ExecutorHost;
  connection: Connection;
  seqMemory: SeqMemory;
  storage: EngineStorage;
  /** Counts data over the storage's usage; the connection adds to it too. */
  data: DataMeter;
  /** Whether this platform compiles in steps, so that programs have to be warmed up. */
  warmsUp: boolean;
  /** Processor time of the whole process in milliseconds, where it can be known. */
  cpuMs?: () => number;
  events: EngineEvents;
};

/**
 * Computes for an instance until stopped: one batch computing, the next fetched, results kept until they are acknowledged, everything handed back at the
 * end, and never more than the volunteer allows. One object is one run; `engine-contract.ts` has the table of its phases. It makes no workers and holds no
 * timers of the page.
 */
export class VolunteerEngine {
  readonly #options: EngineOptions;
  readonly #buffer = new GrantBuffer();
  readonly #meter = new Meter();
  readonly #governor: Governor;
  readonly #pause: PauseKeeper;
  readonly #ledger: ResultLedger;
  readonly #shelf: JobShelf;
  readonly #source: ShardSource;
  readonly #pool: ExecutorPool;
  readonly #loop: ExchangeLoop;
  readonly #transfersEnd = new AbortController();
  readonly #gpu = new GpuWatch();
  readonly #unusable = createBackOff({ baseMs: 1000, capMs: 60_000, random: Math.random });
  readonly #opening = new Nap();
  #device: { deviceId: string; trusted: boolean } | null = null;
  /** `running` here stands for both running and waiting: which of them follows from what is held. */
  #phase: Exclude<EnginePhase, "waiting"> = "idle";
  /** Why it failed, what goes wrong at present, and why the instance has nothing; the first that is there is told. */
  #reasons: { failure: EngineReason | null; trouble: EngineReason | null; wait: EngineReason | null } = { failure: null, trouble: null, wait: null };
  #lastRefusal: EngineSnapshot["lastRefusal"] = null;
  #isKeeping = true;
  #wasResting = false;
  #sinceMs: number | null = null;
  #ticker: ReturnType<typeof setInterval> | null = null;
  /** Settles when everything is handed back; null while nothing has ended the engine. */
  #ending: Promise<void> | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { baseUrl, host, connection, seqMemory, storage, data } = options;
    const { signal } = this.#transfersEnd;
    const transfers = createTransfers({ baseUrl, signal, onBytes: (bytes) => data.add(bytes) });
    this.#shelf = new JobShelf(createArtifactSource(transfers.fetchBytes, storage.artifacts));
    this.#ledger = new ResultLedger({
      storage,
      nameOf: (jobId) => this.#nameOf(jobId),
      onFailure: () => {
        this.#isKeeping = false;
      },
    });
    this.#governor = new Governor({ ...options, spentMs: options.cpuMs ?? (() => this.#pool.times().computing) });
    this.#source = new ShardSource({
      buffer: this.#buffer,
      shelf: this.#shelf,
      meter: this.#meter,
      ledger: this.#ledger,
      transfers,
      signal,
      warmsUp: options.warmsUp,
      memoryMib: () => this.#governor.settings.memoryMib,
      gpu: this.#gpu,
      onChange: () => this.#loop.wake(),
      onTiming: (jobId) => {
        const pace = this.#meter.paceOf(jobId);
        if (pace) this.#governor.noteMean({ jobId, ...pace });
      },
      onUnusable: (reason) => this.#onUnusable(reason),
      onFailed: (reason) => this.#fail(reason),
    });
    const gate = {
      active: () => this.#governor.active,
      mayCompute: () => this.#pause.rule === null,
      isThrottled: () => this.#governor.isThrottled,
      untilShardMs: (expectedMs: number, aheadMs: number) => this.#governor.untilShardMs(expectedMs, aheadMs),
    };
    this.#pool = new ExecutorPool({ host, cores: this.#governor.cores, source: this.#source, gpu: this.#gpu, gate, backOff: createBackOff(BACK_OFF) });
    this.#loop = new ExchangeLoop({
      connection,
      buffer: this.#buffer,
      meter: this.#meter,
      shelf: this.#shelf,
      shape: () => this.#governor.shape(),
      mayAsk: () => this.#pause.rule === null,
      backOff: createBackOff(BACK_OFF),
      hasWebgpu: () => this.#governor.settings.usesGpu && this.#gpu.isOn(performance.now()),
      serves: () => this.#governor.settings.serves,
      seqMemory,
      onAnswer: (answer, settled) => this.#onAnswer(answer, settled),
      onTrouble: (reason) => {
        this.#reasons.trouble = reason;
      },
      onFatal: (reason) => this.#fail(reason),
    });
    this.#pause = new PauseKeeper({ buffer: this.#buffer, pool: this.#pool, loop: this.#loop });
  }

  /** Registers and computes; settles when the engine has stopped or failed. Call it once. */
  async run(): Promise<EngineSnapshot> {
    this.#phase = "starting";
    this.#sinceMs = Date.now();
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    try {
      await this.#options.data.open(new Date());
      this.#tick();
      if (!this.#isEnding) this.#pool.start();
      const kept = await this.#ledger.open();
      this.#meter.counts.finished += kept.length;
      if (await this.#open()) {
        await this.#gpu.settled(this.#transfersEnd.signal);
        void this.#source.restore(kept);
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

  /** Other settings hold from now on; shards that run end as they began. */
  configure(settings: VolunteerSettings): void {
    this.#governor.configure(settings);
    if (this.#isEnding || this.#phase === "idle") return;
    this.#handBackUnserved();
    this.#pool.resize(this.#governor.cores);
    this.#tick();
    this.#loop.askAnew();
  }

  /** The device is in another situation. */
  notice(situation: Situation): void {
    this.#governor.notice(situation);
    this.#tick();
  }

  /** The network is back, or the machine woke up: what waits for a repetition goes out soon. */
  hurry(): void {
    this.#opening.end();
    this.#loop.hurry();
  }

  snapshot(): EngineSnapshot {
    const held = this.#buffer.countHeld();
    const jobs = held.flatMap(({ jobId }) => {
      const manifest = this.#shelf.find(jobId);
      return manifest ? [{ jobId, name: manifest.name, description: manifest.description, topic: manifest.topic }] : [];
    });
    const { failure, trouble, wait } = this.#reasons;
    const pause = this.#pause.reason;
    // Between two batches nothing may be held for a moment; waiting is what the volunteer's rules, the instance or trouble causes.
    const isIdle = this.#buffer.isEmpty && (pause ?? wait ?? trouble) !== null;
    const phase = this.#phase === "running" && isIdle ? "waiting" : this.#phase;
    return {
      phase,
      reason: failure ?? trouble ?? pause ?? (phase === "waiting" ? this.#waitInWords(wait) : null),
      jobs,
      perExecutor: this.#pool.running(),
      counts: { ...this.#meter.counts },
      keptResults: this.#ledger.keptCount,
      isKeeping: this.#isKeeping,
      lastRefusal: this.#lastRefusal,
      pausedBy: this.#pause.rule,
      gpuRest: this.#gpuRest(),
      share: this.#governor.meter(this.#pool.isPaced()),
      times: this.#pool.times(),
      bytesToday: this.#options.data.bytesToday(new Date()),
      ratePerMinute: this.#sinceMs === null ? 0 : this.#meter.ratePerMinute(Date.now(), this.#sinceMs),
      sinceMs: this.#sinceMs,
      cores: this.#governor.cores,
      deviceId: this.#device?.deviceId ?? null,
      trusted: this.#device?.trusted ?? false,
    };
  }

  get #isEnding(): boolean {
    return this.#ending !== null;
  }

  /** What the volunteer chose not to compute any more goes to others; a job that nobody knows yet is asked about when it is described. */
  #handBackUnserved(): void {
    for (const { jobId } of this.#buffer.countHeld()) {
      const manifest = this.#shelf.find(jobId);
      if (!manifest || serves(this.#governor.settings.serves, manifest)) continue;
      for (const grantId of this.#buffer.grantsOf(jobId)) this.#pool.drop(this.#buffer.handBack(grantId));
    }
  }

  /** The instance only knows that there is no GPU; why that is so, and until when, is known here. */
  #waitInWords(wait: EngineReason | null): EngineReason | null {
    const rest = wait?.code === "needs_webgpu" ? this.#gpuRest() : null;
    return rest ? gpuLostReason(Number(wait?.params.jobs ?? 0), rest) : wait;
  }

  #gpuRest(): GpuRest | null {
    const rest = this.#governor.settings.usesGpu ? this.#gpu.rest(performance.now()) : null;
    return rest && { lostAgoMs: inSteps(rest.lostAgoMs), leftMs: inSteps(rest.leftMs) };
  }

  #nameOf(jobId: Parameters<JobShelf["find"]>[0]): string {
    return this.#shelf.find(jobId)?.name ?? "";
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
        await this.#opening.take(backOff.nextMs(atLeastMs), signal);
      }
    }
    return false;
  }

  #onAnswer(answer: ExchangeOutput, settled: Settled): void {
    for (const { jobId, no, state, problem } of settled.ended) {
      this.#meter.counts[state]++;
      if (problem !== null) this.#lastRefusal = { jobName: this.#nameOf(jobId), shardNo: no, problem };
    }
    void this.#ledger.settle(settled.ended);
    this.#pool.drop(settled.dropped);
    if (this.#isEnding) return;
    this.#phase = "running";
    if (answer.grants.length > 0) this.#reasons.wait = null;
    else if (answer.reason)
      this.#reasons.wait = waitReason(answer.reason, { jobs: (answer.reason === "not_chosen" ? answer.jobsNotChosen : answer.jobsNeedingWebgpu) ?? 0 });
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
    await this.#options.data.save(new Date(), { isEnd: true });
    this.#phase = phase;
    if (this.#ticker) clearInterval(this.#ticker);
    this.#publish();
  }

  /** What has to be looked at a few times a second: whether the rules still allow it, how much was used, and what is shown. */
  #tick(): void {
    if (this.#isEnding) return;
    const at = new Date();
    const { data } = this.#options;
    this.#governor.tick();
    this.#pool.setDuty(this.#governor.duty);
    const isResting = this.#gpuRest() !== null;
    // What the instance said to a device without a GPU does not hold for one that has it back.
    if (this.#wasResting && !isResting) this.#loop.askAnew();
    this.#wasResting = isResting;
    this.#pause.follow(this.#governor.activity(at, data.bytesToday(at)), performance.now());
    void data.save(at);
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

const SECONDS_STEP_MS = 5000;
const MINUTE_MS = 60_000;

/** A time as it is said to people, who would be disturbed by one that changes with every look: whole minutes, or five seconds. */
function inSteps(ms: number): number {
  const step = ms > MINUTE_MS ? MINUTE_MS : SECONDS_STEP_MS;
  return Math.max(step, Math.ceil(ms / step) * step);
}
