import { LISTENING } from "#workers/sandbox/frame-contract.ts";
import type { Wing } from "./wall.ts";

const SPAWN_MS_MAX = 5000;

/** Executors as workers of the page's own origin, for browsers without `data:` workers in opaque frames. Their script's own response carries their policy. */
export class WorkerWing implements Wing {
  readonly wall = "worker";
  readonly gone: Promise<void>;
  readonly #gone = Promise.withResolvers<void>();
  #isAlive = true;
  readonly #workers = new Map<string, Worker>();
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
    this.gone = this.#gone.promise;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  async spawn(id: string): Promise<MessagePort> {
    const { port1, port2 } = new MessageChannel();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const worker = new Worker(this.#url, { name: "shoal-executor" });
    this.#workers.set(id, worker);
    worker.onmessage = ({ data }) => {
      if (data === LISTENING) resolve();
    };
    worker.onerror = (event) => reject(new Error(event.message || "The executor's script did not run."));
    const timer = setTimeout(() => reject(new Error("The executor does not answer.")), SPAWN_MS_MAX);
    try {
      worker.postMessage("port", [port2]);
      await promise;
      return port1;
    } catch (error) {
      this.kill(id);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  kill(id: string): void {
    this.#workers.get(id)?.terminate();
    this.#workers.delete(id);
  }

  close(): void {
    this.#isAlive = false;
    this.#gone.resolve();
    for (const id of this.#workers.keys()) this.kill(id);
  }
}
