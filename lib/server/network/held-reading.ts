import "server-only";
import type { Services } from "../context.ts";
import type { Db } from "../db/client.ts";

type Reading<T> = { value: Promise<T>; atMs: number };

/**
 * A reading that the whole process shares for `ageMsMax`, so that many visitors cost no more than one. Callers that come while it is being read share
 * it; one that failed is not kept. Losing it costs nothing.
 */
export class HeldReading<T> {
  readonly #read: (services: Services) => Promise<T>;
  readonly #ageMsMax: number;
  readonly #held = new WeakMap<Db, Reading<T>>();

  constructor(ageMsMax: number, read: (services: Services) => Promise<T>) {
    this.#ageMsMax = ageMsMax;
    this.#read = read;
  }

  /** What was read at most `ageMsMax` ago, or is read now. */
  async get(services: Services): Promise<T> {
    const nowMs = services.clock.now().getTime();
    const held = this.#held.get(services.db);
    if (held && nowMs - held.atMs < this.#ageMsMax) return await held.value;
    const reading: Reading<T> = { value: this.#read(services), atMs: nowMs };
    this.#held.set(services.db, reading);
    try {
      return await reading.value;
    } catch (error) {
      if (this.#held.get(services.db) === reading) this.#held.delete(services.db);
      throw error;
    }
  }
}
