import type { Served } from "#lib/domain/dispatch/serves.ts";
import { type DeviceShape, decideWant, NO_WANT, type Want } from "#lib/domain/dispatch/want.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { ExchangeInput, ExchangeOutput } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";
import type { BackOff } from "../back-off.ts";
import { delay } from "../delay.ts";
import type { EngineReason } from "../engine-contract.ts";
import type { Meter } from "../meter.ts";
import { Nap } from "../nap.ts";
import type { JobShelf } from "../running/job-shelf.ts";
import { type Connection, judgeTrouble } from "./connection.ts";
import { untilExchangeMs } from "./exchange-timing.ts";
import type { Draft, GrantBuffer, Settled } from "./grant-buffer.ts";

const REPORT_EVERY_MS_MAX = 15_000;
const ATTEMPT_DEADLINE_MS = 30_000;
/** Wait after an answer without grants that names no time of its own. */
const ASK_AGAIN_MS_MIN = 500;
/** How long a stop waits for the answer that is under way, which may carry grants to hand back. */
const LAST_ANSWER_MS = 300;
const LAST_WORDS_MS = 700;
const HURRY_MS_MAX = 1000;
/** Browsers refuse to keep a request alive beyond its page when its body is larger than 64 KiB. */
const KEEPALIVE_BYTES_MAX = 60_000;

/** Where a device remembers the number of its last exchange across starts. */
export type SeqMemory = { last(): Promise<number>; save(seq: number): Promise<void> };

export type ExchangeLoopOptions = {
  connection: Connection;
  buffer: GrantBuffer;
  meter: Meter;
  shelf: JobShelf;
  shape(): DeviceShape;
  /** Whether more may be asked for; what is held is reported in any case. */
  mayAsk(): boolean;
  /** Whether kernels may run here now. */
  hasWebgpu(): boolean;
  /** What the volunteer chose to compute for; null for everything. */
  serves(): Served | null;
  backOff: BackOff;
  seqMemory: SeqMemory;
  /** An exchange was answered; its grants and manifests are in place. */
  onAnswer(answer: ExchangeOutput, settled: Settled): void;
  /** Calls fail, or work again (null). */
  onTrouble(reason: EngineReason | null): void;
  onFatal(reason: EngineReason): void;
};

/** Talks to the instance: decides when, repeats what was not answered under the same number, and hands everything back at the end. */
export class ExchangeLoop {
  readonly #options: ExchangeLoopOptions;
  readonly #stopping = new AbortController();
  #seq = 0;
  #underWay: { done: Promise<void>; abort: AbortController } | null = null;
  #askAtMs = 0;
  /** Whether it holds as much as it may: then there is room as soon as something of it is done. */
  #isFull = false;
  #lastExchangeAtMs = 0;
  #reportEveryMs = REPORT_EVERY_MS_MAX;
  readonly #nap = new Nap();
  /** The wait before a repetition. */
  readonly #retry = new Nap();

  constructor(options: ExchangeLoopOptions) {
    this.#options = options;
  }

  /** Exchanges until stopped or until the instance refuses for good. */
  async run(): Promise<void> {
    this.#seq = Math.max(await this.#options.seqMemory.last(), Date.now() - 1);
    while (!this.#stopping.signal.aborted) {
      const want = this.#want();
      const waitMs = this.#untilExchangeMs(want);
      if (waitMs > 0) await this.#nap.take(waitMs);
      else if (!(await this.#exchange(want))) return;
    }
  }

  /** Something changed: a shard was taken or finished, or a grant is to be handed back. */
  wake(): void {
    this.#nap.end();
  }

  /** What may be asked for changed: the time the instance named before asking again counted for something else. */
  askAnew(): void {
    this.#askAtMs = 0;
    this.wake();
  }

  /** The network is back: a repetition that waits goes out within a second; not at once, because whoever lost it together comes back together. */
  hurry(): void {
    setTimeout(() => this.#retry.end(), Math.random() * HURRY_MS_MAX);
    this.wake();
  }

  /** Asking again makes no sense for a while: what was granted cannot be run here. */
  delayAsking(delayMs: number): void {
    this.#askAtMs = Math.max(this.#askAtMs, performance.now() + delayMs);
  }

  /** Ends the loop and hands everything back; settles within a second whether or not the instance answers. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    const underWay = this.#underWay;
    if (underWay) {
      await Promise.race([underWay.done, delay(LAST_ANSWER_MS)]);
      underWay.abort.abort();
      await underWay.done;
    }
    const signal = AbortSignal.timeout(LAST_WORDS_MS);
    const { buffer, connection } = this.#options;
    buffer.handBackAll();
    while (!buffer.isEmpty && !signal.aborted) {
      const draft = buffer.draft();
      const input = this.#compose(draft, NO_WANT);
      const keepalive = JSON.stringify(input).length <= KEEPALIVE_BYTES_MAX;
      try {
        const answer = await connection.exchange(input, { signal, keepalive });
        this.#options.onAnswer(answer, buffer.settle(draft, answer));
      } catch {
        // The leases run out by themselves; there is no time to try again.
        return;
      }
    }
  }

  /** What to say if the page vanished now; null when nothing is held. */
  lastWords(): ExchangeInput | null {
    const { buffer } = this.#options;
    if (buffer.isEmpty) return null;
    const draft = buffer.lastWords(KEEPALIVE_BYTES_MAX / 2);
    return { ...this.#compose(draft, NO_WANT, this.#seq + 1), measured: [], knownJobs: [] };
  }

  #want(): Want {
    const { buffer, meter, shape, mayAsk } = this.#options;
    if (!mayAsk()) return NO_WANT;
    return decideWant({ ...shape(), held: buffer.countHeld().map((held) => ({ ...held, pace: meter.paceOf(held.jobId) })) });
  }

  #untilExchangeMs(want: Want): number {
    const { buffer } = this.#options;
    return untilExchangeMs({
      nowMs: performance.now(),
      lastExchangeAtMs: this.#lastExchangeAtMs,
      askAtMs: this.#askAtMs,
      reportEveryMs: this.#reportEveryMs,
      wantsMore: want.shardsMax > 0,
      holdsGrants: !buffer.isEmpty,
      hasHandBacks: buffer.hasHandBacks,
      queued: buffer.countHeld().reduce((sum, held) => sum + held.queued, 0),
      oldestFinishedAtMs: buffer.oldestFinishedAtMs(),
    });
  }

  #compose(draft: Draft, want: Want, seq = ++this.#seq): ExchangeInput {
    const { meter, shelf, shape, hasWebgpu, serves } = this.#options;
    const { cores } = shape();
    const input = { version: PROTOCOL_VERSION, seq, ...draft, want, cores, webgpu: hasWebgpu(), measured: meter.measured(), knownJobs: shelf.known() };
    const chosen = serves();
    return chosen ? { ...input, serves: { jobs: chosen.jobs as JobId[], topics: [...chosen.topics] } } : input;
  }

  /** One exchange, repeated until it is answered; false when the loop has to end. */
  async #exchange(want: Want): Promise<boolean> {
    const { buffer, seqMemory, onAnswer } = this.#options;
    const draft = buffer.draft();
    const asks = performance.now() >= this.#askAtMs || (this.#isFull && draft.reports.length > 0) ? want : NO_WANT;
    const input = this.#compose(draft, asks);
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    this.#underWay = { done, abort: new AbortController() };
    try {
      await seqMemory.save(input.seq);
      const answer = await this.#repeat(input, this.#underWay.abort.signal);
      if (!answer) {
        buffer.takeBack(draft);
        return false;
      }
      this.#accept(answer, asks);
      onAnswer(answer, buffer.settle(draft, answer));
      return true;
    } finally {
      this.#underWay = null;
      finish();
    }
  }

  /** Sends the same request until it is answered; null when the loop ends first. */
  async #repeat(input: ExchangeInput, abort: AbortSignal): Promise<ExchangeOutput | null> {
    const { connection, backOff, onTrouble, onFatal } = this.#options;
    while (!abort.aborted) {
      try {
        const signal = AbortSignal.any([abort, AbortSignal.timeout(ATTEMPT_DEADLINE_MS)]);
        const answer = await connection.exchange(input, { signal });
        backOff.reset();
        onTrouble(null);
        return answer;
      } catch (error) {
        if (abort.aborted) return null;
        const trouble = judgeTrouble(error);
        if (trouble.isFatal) {
          onFatal(trouble.reason);
          return null;
        }
        onTrouble(trouble.reason);
        if (this.#stopping.signal.aborted) return null;
        await this.#retry.take(backOff.nextMs(trouble.atLeastMs), this.#stopping.signal);
        if (this.#stopping.signal.aborted) return null;
      }
    }
    return null;
  }

  #accept(answer: ExchangeOutput, asked: Want): void {
    const { buffer, shelf } = this.#options;
    const nowMs = performance.now();
    this.#lastExchangeAtMs = nowMs;
    this.#reportEveryMs = Math.min(REPORT_EVERY_MS_MAX, answer.settings.reportEveryMs);
    for (const manifest of answer.manifests) shelf.put(manifest);
    for (const grant of answer.grants) buffer.add(grant);
    if (asked.shardsMax > 0) this.#isFull = answer.reason === "enough_held";
    if (asked.shardsMax > 0) this.#askAtMs = answer.grants.length > 0 ? nowMs : nowMs + Math.max(ASK_AGAIN_MS_MIN, answer.retryAfterMs);
  }
}
