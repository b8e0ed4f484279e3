import { transfer } from "comlink";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";

/** Holds executors as workers of this page. Ports leave by transfer, so that engine and executor talk past the page. */
export class BrowserHost implements ExecutorHost {
  readonly #workers = new Map<string, Worker>();
  #spawned = 0;

  async spawn(): Promise<{ id: string; port: MessagePort }> {
    const worker = new Worker(new URL("../../../workers/executor/executor.worker.ts", import.meta.url), { type: "module", name: "shoal-executor" });
    const id = `worker-${++this.#spawned}`;
    this.#workers.set(id, worker);
    const { port1, port2 } = new MessageChannel();
    worker.postMessage("port", [port2]);
    return transfer({ id, port: port1 }, [port1]);
  }

  async kill(id: string): Promise<void> {
    this.#workers.get(id)?.terminate();
    this.#workers.delete(id);
  }

  killAll(): void {
    for (const worker of this.#workers.values()) worker.terminate();
    this.#workers.clear();
  }
}
