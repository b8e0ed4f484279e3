import { NodeHost } from "#cli/volunteer/node-host.ts";
import { HEADLESS_SITUATION } from "#lib/domain/governor/decide-activity.ts";
import { DEFAULT_SETTINGS, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import { VolunteerEngine } from "#workers/volunteer/engine.ts";
import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";
import { createDeviceConnection } from "#workers/volunteer/exchange/device-connection.ts";
import { createDeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { DataMeter } from "#workers/volunteer/governing/data-meter.ts";
import { createMemoryStorage } from "#workers/volunteer/storage/memory-storage.ts";

const POLL_MS = 5;

/** A new device of this process that computes until it is stopped. */
export type BenchDevice = { snapshot(): EngineSnapshot; stop(): Promise<void> };

export async function startBenchDevice(baseUrl: string, settings: Partial<VolunteerSettings> & { cores: number }): Promise<BenchDevice> {
  const storage = createMemoryStorage();
  const data = new DataMeter(storage.usage);
  const key = await createDeviceKey({ extractable: false });
  const engine = new VolunteerEngine({
    baseUrl,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    situation: HEADLESS_SITUATION,
    coresDefault: settings.cores,
    host: new NodeHost(),
    connection: createDeviceConnection({ baseUrl, key, kind: "headless", cores: settings.cores }),
    seqMemory: { last: async () => 0, save: async () => undefined },
    storage,
    data,
    warmsUp: false,
    cpuMs: processCpuMs,
    events: { onSnapshot: () => undefined },
  });
  const ended = engine.run();
  return {
    snapshot: () => engine.snapshot(),
    async stop() {
      await engine.stop();
      await ended;
    },
  };
}

/** Processor time of this process with all its threads, in milliseconds. */
export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Seconds from now until it is so; fails after a minute. */
export async function secondsUntil(what: string, isSo: () => boolean | Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > 60_000) throw new Error(`It did not happen within a minute: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return (performance.now() - startedAt) / 1000;
}
