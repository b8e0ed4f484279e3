import { delay } from "../delay.ts";

/** After a loss the driver or the browser needs a moment to begin anew; after a second one the GPU of this device is left alone for a while. */
const FIRST_REST_MS = 15_000;
const REST_MS = 600_000;
const LOSSES_MAX = 2;
const ONE_LOSS_MS = 2000;
/** The first exchange waits no longer than this to hear whether there is a GPU. */
const ANSWER_MS_MAX = 1500;

export type GpuRest = { lostAgoMs: number; leftMs: number };

/** What the engine knows of this device's GPU: whether its executors have one, and how often it was lost. */
export class GpuWatch {
  readonly #first = Promise.withResolvers<void>();
  #isThere = false;
  #losses = 0;
  #lostAtMs = Number.NEGATIVE_INFINITY;
  #countedAtMs = Number.NEGATIVE_INFINITY;

  /** Asks an executor for its GPU. One that dies meanwhile has said nothing. */
  async probe(executor: { gpu(): PromiseLike<unknown> }): Promise<void> {
    try {
      this.#isThere = (await executor.gpu()) !== null;
      this.#first.resolve();
    } catch {
      // The executor's end is noticed where its shards are.
    }
  }

  /** Settles when the first executor has answered, or soon. */
  async settled(signal: AbortSignal): Promise<void> {
    await Promise.race([this.#first.promise, delay(ANSWER_MS_MAX, signal)]);
  }

  /** Whether kernels may run now; times are of one clock. */
  isOn(nowMs: number): boolean {
    return this.#isThere && this.#leftMs(nowMs) <= 0;
  }

  /** A GPU that goes takes every executor's device with it: what is lost together is one loss. */
  noteLost(nowMs: number): void {
    // What was lost long ago, or has been punished, counts no more.
    if (nowMs - this.#lostAtMs >= REST_MS) this.#losses = 0;
    this.#lostAtMs = nowMs;
    if (nowMs - this.#countedAtMs < ONE_LOSS_MS) return;
    this.#countedAtMs = nowMs;
    this.#losses++;
  }

  /** While the GPU is left alone: how long ago it was lost last, and how long until it is tried again. */
  rest(nowMs: number): GpuRest | null {
    const leftMs = this.#leftMs(nowMs);
    return this.#isThere && leftMs > 0 ? { lostAgoMs: nowMs - this.#lostAtMs, leftMs } : null;
  }

  #leftMs(nowMs: number): number {
    return this.#lostAtMs + (this.#losses < LOSSES_MAX ? FIRST_REST_MS : REST_MS) - nowMs;
  }
}
