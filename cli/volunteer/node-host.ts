import { MessageChannel, Worker } from "node:worker_threads";
import { createPaceMemory, servePace } from "#workers/executor/pacing/pace-words.ts";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";

const DOOR = new URL("../../workers/executor/executor.node.worker.ts", import.meta.url);

/** Holds executors as threads of this process. */
export class NodeHost implements ExecutorHost {
  readonly #threads = new Map<string, Worker>();
  #spawned = 0;

  async spawn(): Promise<{ id: string; port: MessagePort; pace: MessagePort }> {
    // An executor reads no environment and writes nothing: what a program prints stays in its result.
    const thread = new Worker(DOOR, { env: {}, execArgv: [] });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    thread.once("online", resolve);
    thread.once("error", reject);
    await promise;
    const id = `thread-${++this.#spawned}`;
    const { port1, port2 } = new MessageChannel();
    const memory = createPaceMemory();
    const { port1: pace, port2: orders } = new MessageChannel();
    if (memory) servePace(memory, orders as unknown as MessagePort);
    // A thread that dies closes its port, which is how the engine learns of it.
    thread.on("error", () => port1.close());
    thread.on("exit", () => {
      orders.close();
      this.#threads.delete(id);
    });
    thread.postMessage({ port: port2, pace: memory }, [port2]);
    this.#threads.set(id, thread);
    // Node and the browser declare one and the same class twice.
    return { id, port: port1 as unknown as MessagePort, pace: pace as unknown as MessagePort };
  }

  async kill(id: string): Promise<void> {
    const thread = this.#threads.get(id);
    this.#threads.delete(id);
    await thread?.terminate();
  }
}
