import { setTimeout as sleep } from "node:timers/promises";
import { exchangeWithDevice } from "#lib/server/exchange/exchange-with-device.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { makeDevice } from "#lib/testing/builders.ts";
import { DeviceLoad } from "./device-load.ts";
import { verifyWorld } from "./verify-world.ts";
import { countVerified, type World } from "./world.ts";

const WARM_UP_MS = 5000;

export type InProcessFigures = {
  verifiedPerS: number;
  /** Null where the system does not say. */
  databaseCpuMicrosPerShard: number | null;
  /** Of this process, which is the devices and the server. */
  processCpuMicrosPerShard: number;
};
export type InProcessLoad = {
  devices: number;
  batch: number;
  seconds: number;
  /** How long it runs before the measured window: five seconds unless given. */
  warmUpMs?: number;
  databaseCpuMicros: () => Promise<number | null>;
};

/** A device that goes on until it is told to stop, and how many results it then has reported. */
export type Loop = { run(isOver: () => boolean): Promise<void>; readonly reported: number };

/** How many shards a second these loops bring to verdicts in the world's database, which has to prove afterwards that the work was done. */
export async function measureInProcess(world: World, load: InProcessLoad, loops: readonly Loop[]): Promise<InProcessFigures> {
  let isOver = false;
  const running = Promise.all(loops.map((loop) => loop.run(() => isOver)));
  const read = async () => {
    const [verified, databaseMicros] = await Promise.all([countVerified(world.services), load.databaseCpuMicros()]);
    const { user, system } = process.cpuUsage();
    return { atMs: performance.now(), verified, databaseMicros, processMicros: user + system };
  };
  try {
    await Promise.race([sleep(load.warmUpMs ?? WARM_UP_MS), running]);
    const before = await read();
    await Promise.race([sleep(load.seconds * 1000), running]);
    const after = await read();
    isOver = true;
    await running;
    await verifyWorld(
      world.services,
      loops.reduce((sum, loop) => sum + loop.reported, 0),
    );
    const verified = after.verified - before.verified;
    return {
      verifiedPerS: verified / ((after.atMs - before.atMs) / 1000),
      databaseCpuMicrosPerShard: after.databaseMicros === null ? null : (after.databaseMicros - (before.databaseMicros ?? 0)) / verified,
      processCpuMicrosPerShard: (after.processMicros - before.processMicros) / verified,
    };
  } finally {
    isOver = true;
  }
}

/** The exchange's own statements, rules and checks, called by the devices themselves: no HTTP, no process between. */
export async function measureWithoutHttp(world: World, load: InProcessLoad): Promise<InProcessFigures> {
  const { services, jobIds } = world;
  const snapshot = new JobSnapshot(services);
  const devices = await Promise.all(Array.from({ length: load.devices }, async () => await makeDevice(services)));
  const loops = devices.map(
    ({ ctx }) => new DeviceLoad({ urls: [], token: "", jobIds, batch: load.batch, call: async (input) => await exchangeWithDevice(ctx, input, snapshot) }),
  );
  return await measureInProcess(world, load, loops);
}
