import { MessageChannel, Worker } from "node:worker_threads";
import { createPaceMemory, servePace } from "#workers/executor/pacing/pace-words.ts";
import type { ExecutorHost } from "../engine-contract.ts";

const DOOR = new URL("../../executor/executor.node.worker.ts", import.meta.url);

/** Real executors in threads of the test, which can also kill them behind the engine's back. */
export class ThreadHost implements ExecutorHost {
  spawned = 0;
  readonly #threads = new Map<string, Worker>();

  get alive(): number {
    return this.#threads.size;
  }

  async spawn(): Promise<{ id: string; port: MessagePort; pace: MessagePort }> {
    const id = `thread-${++this.spawned}`;
    const thread = new Worker(DOOR, { env: {}, execArgv: [] });
    const { port1, port2 } = new MessageChannel();
    const memory = createPaceMemory();
    const { port1: pace, port2: orders } = new MessageChannel();
    if (memory) servePace(memory, orders as unknown as MessagePort);
    thread.on("exit", () => orders.close());
    thread.postMessage({ port: port2, pace: memory }, [port2]);
    this.#threads.set(id, thread);
    return { id, port: port1 as unknown as MessagePort, pace: pace as unknown as MessagePort };
  }

  async kill(id: string): Promise<void> {
    const thread = this.#threads.get(id);
    this.#threads.delete(id);
    await thread?.terminate();
  }

  /** Ends every executor as a crash would: nobody is told. */
  async murder(): Promise<void> {
    await Promise.all([...this.#threads.values()].map((thread) => thread.terminate()));
  }
}
