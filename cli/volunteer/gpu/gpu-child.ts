import { createExecutor } from "#workers/executor/executor.ts";
import type { FindGpu } from "#workers/executor/wgsl/gpu-holder.ts";
import type { GpuAnswer, GpuCall } from "./gpu-process.ts";

/** Dawn for Node, where it is installed: an optional dependency, for which not every platform has a build. */
const findDawn: FindGpu = async () => {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  dawn ??= create([]);
  return dawn;
};
/** Whoever lets go of it while a device of it lives ends the process. */
let dawn: GPU | null = null;

const executor = createExecutor(findDawn);

process.on("message", async ({ no, call }: GpuCall) => {
  const answer = call.name === "gpu" ? await executor.gpu() : call.name === "prepare" ? await executor.prepare(call.request) : await executor.run(call.request);
  process.send?.({ no, answer } satisfies GpuAnswer);
});
// Dawn's threads would keep the process; without its parent it is good for nothing.
process.on("disconnect", () => process.exit(0));
