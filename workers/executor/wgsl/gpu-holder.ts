/** What is known of a GPU: two results of one class come from the same kind of hardware and driver. */
export type GpuAdapterClass = { vendor: string; architecture: string };

export type HeldGpu = { device: GPUDevice; adapter: GpuAdapterClass /** Settles when the device is gone, whatever the reason. */; lost: Promise<"lost"> };

/** The one GPU device of an executor, made when it is first asked for, and again after a loss. */
export type GpuHolder = {
  /** The device, or null where there is none. */
  get(): Promise<HeldGpu | null>;
  /** Forgets a device that was lost. */
  drop(held: HeldGpu): void;
};

/** Finds the platform's WebGPU; null where it has none. */
export type FindGpu = () => Promise<GPU | null>;

export const findBrowserGpu: FindGpu = async () => (globalThis.navigator as Navigator | undefined)?.gpu ?? null;

/** A holder of the GPU that `find` gives. Devices are made with the default limits, which every adapter has. */
export function createGpuHolder(find: FindGpu): GpuHolder {
  let held: Promise<HeldGpu | null> | null = null;
  return {
    async get() {
      held ??= open(find);
      const gpu = await held;
      // A machine without a GPU today may have one tomorrow: a driver update, an external card.
      if (gpu === null) held = null;
      return gpu;
    },
    drop(lost) {
      held = null;
      lost.device.destroy();
    },
  };
}

async function open(find: FindGpu): Promise<HeldGpu | null> {
  try {
    const gpu = await find();
    const adapter = (await gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? null;
    if (adapter === null) return null;
    const device = await adapter.requestDevice();
    const { vendor, architecture } = adapter.info;
    return { device, adapter: { vendor, architecture }, lost: device.lost.then(() => "lost" as const) };
  } catch {
    // A driver that fails here is as good as none.
    return null;
  }
}
