import { expose } from "comlink";
import { PAGE_BYTES } from "#lib/domain/program/inspect-wasm.ts";
import { withMemoryMaximum } from "#lib/domain/program/memory-maximum.ts";
import { WASI_IMPORTS, WASI_MODULE } from "#lib/domain/program/wasi-imports.ts";
import { createExecutor } from "#workers/executor/executor.ts";
import { LISTENING } from "#workers/sandbox/frame-contract.ts";

const executor = createExecutor();
let spin: ((iterations: number) => number) | null = null;

/** The executor itself, and beside it in the same thread the bare module without any host. */
const api = {
  prepare: executor.prepare,
  run: executor.run,
  /**
   * Instantiates once the very bytes that the executor compiles, so that both run the same machine code.
   * The loop needs no import: one that is called is an error.
   */
  prepareBare(program: Uint8Array<ArrayBuffer>, memoryBytesMax: number): void {
    const refuse = (): never => {
      throw new Error("The bare loop called its host.");
    };
    const imports = Object.fromEntries(Object.keys(WASI_IMPORTS).map((name) => [name, refuse]));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(withMemoryMaximum(program, memoryBytesMax / PAGE_BYTES)), { [WASI_MODULE]: imports });
    spin = instance.exports.spin as (iterations: number) => number;
  },
  /** Milliseconds that the bare loop takes for so many shards, one after another. */
  runBare(iterations: number, shards: number): number {
    const startedAt = performance.now();
    for (let shard = 0; shard < shards; shard += 1) spin?.(iterations);
    return performance.now() - startedAt;
  },
};
export type BenchWorker = typeof api;

self.onmessage = (event) => {
  const [port] = event.ports;
  if (event.data !== "port" || port === undefined) return;
  expose(api, port);
  self.postMessage(LISTENING);
};
