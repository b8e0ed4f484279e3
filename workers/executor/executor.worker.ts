import { expose } from "comlink";
import { createExecutor } from "./executor.ts";
import { Pacer } from "./pacing/pacer.ts";
import { findBrowserGpu } from "./wgsl/gpu-holder.ts";

let pacer: Pacer | null = null;
const executor = createExecutor(findBrowserGpu, () => pacer);

// The frame hands over shared memory where there is some, then the page's end of a channel; everything else goes through that. Shared memory works here also where
// the worker has no name for its type.
self.onmessage = (event: MessageEvent<"port" | { pace: SharedArrayBuffer }>) => {
  if (typeof event.data === "object") {
    pacer = new Pacer(event.data.pace, { nowMs: () => performance.now(), cpuMs: null });
    return;
  }
  const [port] = event.ports;
  if (event.data !== "port" || port === undefined) return;
  expose(executor, port);
  self.postMessage("listening");
};
