import { setTimeout as sleep } from "node:timers/promises";
import { DeviceLoad, type LoadTarget } from "./device-load.ts";
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
  windowS: number;
  /** Shards that were verified in the window. */
  verified: number;
  /** Exchanges in the window that carried results. */
  exchanges: number;
  /** Memory of the server process at the end of the window. */
  appRssBytes: number;
  p50Ms: number;
  p99Ms: number;
};

export type ExchangeLoad = Pick<LoadTarget, "batch" | "cores" | "durationMsOf"> & {
  seconds: number;
  /** What happens in the window, which lasts at least until it is over. */
  inWindow?: () => Promise<void>;
  /** How long a device waits between exchanges, as volunteers do; the devices begin one after the other within that time. None unless given. */
  everyMs?: number;
  /** Where devices seem to come from, by their place. */
  addressOf?: (at: number) => string;
  /** Exchanges before the measured window: until the server's hot functions are compiled an exchange costs a multiple. */
  warmUpExchanges: number;
  /** The warm-up ends here whatever was done; a minute unless given. */
  warmUpMsMax?: number;
  databaseCpuMicros: () => Promise<number | null>;
  /** Whether the database has to prove afterwards that the work was done; of a database in which others worked before it cannot. */
  isProven?: boolean;
  /** Where a CPU profile of the window goes. */
  profileFile?: string;
};

/** Lets every device of the world exchange with the server, measures a window of it after the warm-up, and proves afterwards that the work was done. */
export async function measureExchange(world: World, server: MeasuredServer, load: ExchangeLoad): Promise<ExchangeFigures> {
  const { batch, cores, durationMsOf } = load;
  const shape = { batch, ...(cores ? { cores } : {}), ...(durationMsOf ? { durationMsOf } : {}) };
  const devices = world.tokens.map(
    (token, at) => new DeviceLoad({ urls: server.urls, token, jobIds: world.jobIds, ...shape, ...(load.addressOf ? { address: load.addressOf(at) } : {}) }),
  );
  let isOver = false;
  const { everyMs = 0 } = load;
  const running = Promise.all(
    devices.map(async (device, at) => {
      if (everyMs > 0) await sleep((everyMs * at) / devices.length);
      await device.run(() => isOver, everyMs);
    }),
  );
  // A device that fails ends the wait at once.
  const pass = async (ms: number) => await Promise.race([sleep(ms), running]);
  const exchanges = () => devices.reduce((sum, device) => sum + device.latenciesMs.length, 0);
  try {
    for (let waitedMs = 0; exchanges() < load.warmUpExchanges && waitedMs < (load.warmUpMsMax ?? WARM_UP_MS_MAX); waitedMs += POLL_MS) await pass(POLL_MS);
    if (load.profileFile !== undefined) await server.beginProfile();
    const before = await read(world, server, load);
    for (const device of devices) device.latenciesMs.length = 0;
    await Promise.all([pass(load.seconds * 1000), Promise.race([load.inWindow?.(), running])]);
    const after = await read(world, server, load);
    if (load.profileFile !== undefined) await server.endProfile(load.profileFile);
    const latenciesMs = devices.flatMap((device) => device.latenciesMs).sort((a, b) => a - b);
    isOver = true;
    await running;
    const reported = devices.reduce((sum, device) => sum + device.reported, 0);
    if (load.isProven ?? true) await verifyWorld(world.services, reported);
    const verified = after.verified - before.verified;
    const windowS = (after.atMs - before.atMs) / 1000;
    return {
      verifiedPerS: verified / windowS,
      windowS,
      appCpuMicrosPerShard: (after.appMicros - before.appMicros) / verified,
      databaseCpuMicrosPerShard: after.databaseMicros === null ? null : (after.databaseMicros - (before.databaseMicros ?? 0)) / verified,
      loadCpuMicrosPerShard: (after.loadMicros - before.loadMicros) / verified,
      verified,
      exchanges: latenciesMs.length,
      appRssBytes: after.appRssBytes,
      p50Ms: quantileOf(latenciesMs, 0.5),
      p99Ms: quantileOf(latenciesMs, 0.99),
    };
  } finally {
    isOver = true;
  }
}

type Reading = { atMs: number; verified: number; appMicros: number; appRssBytes: number; databaseMicros: number | null; loadMicros: number };

async function read(world: World, server: MeasuredServer, load: ExchangeLoad): Promise<Reading> {
  const [verified, app, databaseMicros] = await Promise.all([countVerified(world.services), server.usage(), load.databaseCpuMicros()]);
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), verified, appMicros: app.cpuMicros, appRssBytes: app.rssBytes, databaseMicros, loadMicros: user + system };
}

/** The smallest value that at least this share of the sorted values does not exceed. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error("A quantile needs at least one value.");
  return value;
}
