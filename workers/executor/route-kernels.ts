import type { Executor } from "./executor-contract.ts";

/** An executor that runs programs itself and passes kernels on to one that has the machine's GPU, where a platform's WebGPU may not be used by several threads. */
export function routeKernels(own: Executor, kernels: Executor): Executor {
  const passedOn = new Set<string>();
  return {
    async prepare(request) {
      if (request.kernel === undefined) {
        passedOn.delete(request.jobId);
        return await own.prepare(request);
      }
      passedOn.add(request.jobId);
      return await kernels.prepare(request);
    },
    run: async (request) => await (passedOn.has(request.jobId) ? kernels : own).run(request),
    gpu: async () => await kernels.gpu(),
  };
}
