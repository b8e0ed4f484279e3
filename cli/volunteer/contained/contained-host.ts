import { MessageChannel } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";
import { ContainedExecutor } from "./contained-executor.ts";

/** Executors of a trusted device: what strangers wrote runs in contained processes, and the device's key stays in this one. */
export class ContainedHost implements ExecutorHost {
  readonly #executors = new Map<string, { executor: ContainedExecutor; close(): void }>();
  #spawned = 0;

  async spawn(): Promise<{ id: string; port: MessagePort }> {
    const executor = new ContainedExecutor();
    const { port1, port2 } = new MessageChannel();
    const calls = { prepare: executor.prepare.bind(executor), run: executor.run.bind(executor), gpu: executor.gpu.bind(executor) };
    expose(calls, nodeEndpoint(port2));
    port2.unref();
    const id = `contained-${++this.#spawned}`;
    this.#executors.set(id, { executor, close: () => port2.close() });
    // Node and the browser declare one and the same class twice.
    return { id, port: port1 as unknown as MessagePort };
  }

  async kill(id: string): Promise<void> {
    const held = this.#executors.get(id);
    this.#executors.delete(id);
    held?.executor.close();
    held?.close();
  }
}
