import { MessageChannel, type MessagePort as NodePort, Worker } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createPaceMemory, servePace } from "#workers/executor/pacing/pace-words.ts";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";
import { GpuProcess } from "./gpu/gpu-process.ts";

const DOOR = new URL("../../workers/executor/executor.node.worker.ts", import.meta.url);
/** A spare is made when nobody has asked for a thread for so long: the first ones start without it. */
const SPARE_AFTER_MS = 1500;

type Executor = { id: string; port: MessagePort; pace: MessagePort };
type Made = Executor & { thread: Worker };

/** Holds executors as threads of this process, and one more that has loaded everything, so that one that is ended is replaced at once. */
export class NodeHost implements ExecutorHost {
  readonly #threads = new Map<string, Worker>();
  #spare: Promise<Made> | null = null;
  #spareTimer: NodeJS.Timeout | undefined;
  #spawned = 0;
  readonly #gpu: GpuProcess | null;

  /** `usesGpu`: kernels may run on this machine's GPU, if it has one that Dawn can use. */
  constructor({ usesGpu = true }: { usesGpu?: boolean } = {}) {
    this.#gpu = usesGpu ? new GpuProcess() : null;
  }

  async spawn(): Promise<Executor> {
    const waiting = this.#spare;
    this.#spare = null;
    // A spare that did not come to life is no reason to fail.
    const { thread, ...executor } = (await waiting?.catch(() => null)) ?? (await this.#make());
    thread.ref();
    this.#threads.set(executor.id, thread);
    thread.on("exit", () => this.#threads.delete(executor.id));
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => this.#keepSpare(), SPARE_AFTER_MS).unref();
    return executor;
  }

  async kill(id: string): Promise<void> {
    const thread = this.#threads.get(id);
    this.#threads.delete(id);
    await thread?.terminate();
  }

  /** Nobody waits for the spare: the process may end with it. */
  #keepSpare(): void {
    if (this.#spare || this.#threads.size === 0) return;
    this.#spare = this.#make();
    this.#spare.then(
      ({ thread }) => thread.unref(),
      () => undefined,
    );
  }

  async #make(): Promise<Made> {
    // An executor reads no environment and writes nothing: what a program prints stays in its result.
    const thread = new Worker(DOOR, { env: {}, execArgv: [] });
    const [calls, orders] = [new MessageChannel(), new MessageChannel()];
    // A thread that dies closes its port, which is how the engine learns of it.
    thread.on("error", () => calls.port1.close());
    thread.on("exit", () => orders.port2.close());
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    thread.once("message", () => resolve());
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("The executor's thread ended before it listened.")));
    const memory = createPaceMemory();
    if (memory) servePace(memory, webPort(orders.port2));
    orders.port2.unref();
    const kernels = this.#gpu ? openKernels(this.#gpu, thread) : null;
    thread.postMessage({ port: calls.port2, pace: memory, kernels }, kernels ? [calls.port2, kernels] : [calls.port2]);
    await listening;
    return { id: `thread-${++this.#spawned}`, thread, port: webPort(calls.port1), pace: webPort(orders.port1) };
  }
}

/** The port by which a thread reaches the GPU; what it asked for ends with it. */
function openKernels(gpu: GpuProcess, thread: Worker): NodePort {
  const { port1, port2 } = new MessageChannel();
  const end = new AbortController();
  expose(gpu.executorFor(end.signal), nodeEndpoint(port1));
  port1.unref();
  thread.on("exit", () => {
    end.abort();
    port1.close();
  });
  return port2;
}

/** Node and the browser declare one and the same class twice. */
function webPort(port: NodePort): MessagePort {
  return port as unknown as MessagePort;
}
