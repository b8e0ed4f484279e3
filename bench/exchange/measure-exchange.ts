import { setTimeout as sleep } from "node:timers/promises";
import { DeviceLoad } from "./device-load.ts";
import type { MeasuredServer } from "./measured-server.ts";
import { verifyWorld } from "./verify-world.ts";
import { countVerified, type World } from "./world.ts";

const WARM_UP_MS_MAX = 60_000;
const POLL_MS = 50;

export type ExchangeFigures = {
  verifiedPerS: number;
  /** Processor time of the server process per verified shard, which is two replicas. */
  appCpuMicrosPerShard: number;
  /** The same of the database's processes; null where the system does not say. */
  databaseCpuMicrosPerShard: number | null;
  /** The same of the process that plays the devices: on few cores it competes with the server. */
  loadCpuMicrosPerShard: number;
  p50Ms: number;
  p99Ms: number;
};

export type ExchangeLoad = {
  batch: number;
  seconds: number;
  /** Exchanges before the measured window: until the server's hot functions are compiled an exchange costs a multiple. */
  warmUpExchanges: number;
  databaseCpuMicros: () => Promise<number | null>;
  /** Where a CPU profile of the window goes. */
  profileFile?: string;
};

/** Lets every device of the world exchange with the server, measures a window of it after the warm-up, and proves afterwards that the work was done. */
export async function measureExchange(world: World, server: MeasuredServer, load: ExchangeLoad): Promise<ExchangeFigures> {
  const devices = world.tokens.map((token) => new DeviceLoad({ url: server.url, token, jobIds: world.jobIds }, load.batch));
  let isOver = false;
  const running = Promise.all(devices.map((device) => device.run(() => isOver)));
  // A device that fails ends the wait at once.
  const pass = async (ms: number) => await Promise.race([sleep(ms), running]);
  const exchanges = () => devices.reduce((sum, device) => sum + device.latenciesMs.length, 0);
  try {
    for (let waitedMs = 0; exchanges() < load.warmUpExchanges && waitedMs < WARM_UP_MS_MAX; waitedMs += POLL_MS) await pass(POLL_MS);
    if (load.profileFile !== undefined) await server.beginProfile();
    const before = await read(world, server, load);
    for (const device of devices) device.latenciesMs.length = 0;
    await pass(load.seconds * 1000);
    const after = await read(world, server, load);
    if (load.profileFile !== undefined) await server.endProfile(load.profileFile);
    const latenciesMs = devices.flatMap((device) => device.latenciesMs).sort((a, b) => a - b);
    isOver = true;
    await running;
    await verifyWorld(
      world.services,
      devices.reduce((sum, device) => sum + device.reported, 0),
    );
    const verified = after.verified - before.verified;
    return {
      verifiedPerS: verified / ((after.atMs - before.atMs) / 1000),
      appCpuMicrosPerShard: (after.appMicros - before.appMicros) / verified,
      databaseCpuMicrosPerShard: after.databaseMicros === null ? null : (after.databaseMicros - (before.databaseMicros ?? 0)) / verified,
      loadCpuMicrosPerShard: (after.loadMicros - before.loadMicros) / verified,
      p50Ms: quantileOf(latenciesMs, 0.5),
      p99Ms: quantileOf(latenciesMs, 0.99),
    };
  } finally {
    isOver = true;
  }
}

type Reading = { atMs: number; verified: number; appMicros: number; databaseMicros: number | null; loadMicros: number };

async function read(world: World, server: MeasuredServer, load: ExchangeLoad): Promise<Reading> {
  const [verified, appMicros, databaseMicros] = await Promise.all([countVerified(world.services), server.cpuMicros(), load.databaseCpuMicros()]);
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), verified, appMicros, databaseMicros, loadMicros: user + system };
}

/** The smallest value that at least this share of the sorted values does not exceed. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error("A quantile needs at least one value.");
  return value;
}
