import { type MessagePort, parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createExecutor } from "./executor.ts";
import { Pacer } from "./pacing/pacer.ts";
import { findBrowserGpu } from "./wgsl/gpu-holder.ts";

let pacer: Pacer | null = null;
const executor = createExecutor(findBrowserGpu, () => pacer);

// The parent hands over one end of a channel and memory that it shares as { port, pace }; everything else goes through the channel.
parentPort?.on("message", ({ port, pace }: { port: MessagePort; pace?: SharedArrayBuffer }) => {
  if (pace) pacer = new Pacer(pace, { nowMs: () => performance.now(), cpuMs: threadCpuMs });
  expose(executor, nodeEndpoint(port));
  parentPort?.postMessage("listening");
});

/** Processor time of this thread alone, in milliseconds. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
