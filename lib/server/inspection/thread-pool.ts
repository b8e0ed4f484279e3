import "server-only";
import { Worker } from "node:worker_threads";

export type ThreadLimits = {
  /** Threads at a time, and orders that wait for one. */
  threads: number;
  waitingMax: number;
  /** How long one order may take in its thread, in milliseconds, and how many MiB of objects the thread may make for it. */
  timeMsMax: number;
  heapMibMax: number;
};
export type Done<Answer> = { ok: true; answer: Answer } | { ok: false; reason: "busy" | "too_long" | "out_of_memory" };

/** A thread without work is ended after so long. */
const IDLE_MS = 30_000;
/** Strings and arrays of megabytes lie among the old objects; the young ones need little. */
const YOUNG_MIB = 32;

type Thread = { worker: Worker; idle: NodeJS.Timeout | undefined };

/**
 * Threads that start from one file, take one order at a time and answer it by one message. One that takes too long, or more memory than it may, is ended and its order
 * comes back as such; what a thread throws is thrown here. Idle threads keep no process alive.
 */
export class ThreadPool<Order, Answer> {
  readonly #file: string | URL;
  readonly #limits: ThreadLimits;
  readonly #idle: Thread[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(file: string | URL, limits: ThreadLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** Runs an order; what is in `transfer` belongs to the thread from then on. */
  async run(order: Order, transfer: readonly ArrayBuffer[] = []): Promise<Done<Answer>> {
    const { threads, waitingMax } = this.#limits;
    if (this.#busy >= threads) {
      if (this.#waiting.length >= waitingMax) return { ok: false, reason: "busy" };
      // Whoever leaves gives its place away without freeing it.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy += 1;
    try {
      return await this.#runOne(order, transfer);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  async #runOne(order: Order, transfer: readonly ArrayBuffer[]): Promise<Done<Answer>> {
    const thread = this.#idle.pop() ?? this.#start();
    const { worker } = thread;
    clearTimeout(thread.idle);
    worker.ref();
    const { promise, resolve, reject } = Promise.withResolvers<Done<Answer>>();
    const onMessage = (answer: Answer) => resolve({ ok: true, answer });
    const onError = (error: Error & { code?: string }) =>
      error.code === "ERR_WORKER_OUT_OF_MEMORY" ? resolve({ ok: false, reason: "out_of_memory" }) : reject(error);
    const onExit = () => reject(new Error("A thread ended before it answered."));
    worker.once("message", onMessage).once("error", onError).once("exit", onExit);
    const timer = setTimeout(() => resolve({ ok: false, reason: "too_long" }), this.#limits.timeMsMax);
    let done: Done<Answer> | null = null;
    try {
      worker.postMessage(order, [...transfer]);
      done = await promise;
      return done;
    } finally {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      if (done?.ok) this.#rest(thread);
      // Nobody waits for its end: one that cleans up its memory may take its time.
      else end(worker);
    }
  }

  #start(): Thread {
    const { heapMibMax } = this.#limits;
    const resourceLimits = { maxOldGenerationSizeMb: heapMibMax, maxYoungGenerationSizeMb: YOUNG_MIB };
    return { worker: new Worker(this.#file, { env: {}, execArgv: [], resourceLimits }), idle: undefined };
  }

  #rest(thread: Thread): void {
    const { worker } = thread;
    worker.unref();
    const leave = () => {
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
    };
    worker.once("exit", leave);
    thread.idle = setTimeout(() => {
      leave();
      end(worker);
    }, IDLE_MS).unref();
    this.#idle.push(thread);
  }
}

function end(worker: Worker): void {
  // What it says while it is being ended is nobody's.
  worker.on("error", () => {});
  void worker.terminate();
}
