import { type MessagePort, parentPort } from "node:worker_threads";
import { expose, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createExecutor } from "./executor.ts";
import type { Executor } from "./executor-contract.ts";
import { Pacer } from "./pacing/pacer.ts";
import { routeKernels } from "./route-kernels.ts";
import { findBrowserGpu } from "./wgsl/gpu-holder.ts";

let pacer: Pacer | null = null;
const own = createExecutor(findBrowserGpu, () => pacer);

/** What the parent hands over: one end of a channel, memory that it shares, and where kernels are run. Everything else goes through the channel. */
type Handover = { port: MessagePort; pace?: SharedArrayBuffer | null; kernels?: MessagePort | null };

parentPort?.on("message", ({ port, pace, kernels }: Handover) => {
  if (pace) pacer = new Pacer(pace, { nowMs: () => performance.now(), cpuMs: threadCpuMs });
  // Comlink's remote has the same calls; it is only typed as something that may be more.
  const executor = kernels ? routeKernels(own, wrap<Executor>(nodeEndpoint(kernels)) as unknown as Executor) : own;
  expose(executor, nodeEndpoint(port));
  parentPort?.postMessage("listening");
});

/** Processor time of this thread alone, in milliseconds. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
