import { FULL_DUTY, type PaceNews, type PaceOrder } from "#workers/executor/pacing/pace-words.ts";

/** The line to whoever holds an executor and can make it rest inside shards. Nothing is heard where that cannot be. */
export class PaceLine {
  readonly #port: MessagePort | null;
  #restedMs = 0;
  #isThere = false;
  #lastPermille = FULL_DUTY;

  constructor(port: MessagePort | null) {
    this.#port = port;
    if (!port) return;
    port.onmessage = ({ data }: MessageEvent<PaceNews>) => {
      this.#isThere = true;
      this.#restedMs = Math.max(this.#restedMs, data.restedMs);
    };
  }

  /** Whether orders are carried out. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** How long the executor has rested inside shards, as of the last order. */
  get restedMs(): number {
    return this.#restedMs;
  }

  /** From now on the executor computes for this part of its time, 0 to 1. Repeated, it asks how long it has rested. */
  order(duty: number): void {
    const dutyPermille = Math.min(FULL_DUTY, Math.max(1, Math.round(duty * FULL_DUTY)));
    if (dutyPermille === FULL_DUTY && this.#lastPermille === FULL_DUTY) return;
    this.#lastPermille = dutyPermille;
    this.#port?.postMessage({ dutyPermille } satisfies PaceOrder);
  }

  close(): void {
    this.#port?.close();
  }
}
