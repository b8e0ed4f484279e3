import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openTestDatabase } from "#lib/testing/database/open-test-database.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { DeviceLoad } from "./device-load.ts";
import { chooseDoor, type Door } from "./doors.ts";
import { type MeasuredServer, startMeasuredServer } from "./measured-server.ts";
import { verifyWorld } from "./verify-world.ts";
import { openWorld } from "./world.ts";

/*
 * Several processes on one database. Every device asks another process with every exchange, so that nothing works that one of them would have to remember.
 */
const database = await openTestDatabase();
const folder = await mkdtemp(join(tmpdir(), "shoal-processes-"));
const doors = await Promise.all([chooseDoor("gateway"), chooseDoor("gateway"), chooseDoor("gateway")]);
const [{ origin }] = doors;
const migrations = resolve(import.meta.dirname, "../../drizzle");
const world = await openWorld({ databaseUrl: database.url, migrations, blobFolder: folder, origin, jobs: 3, devices: 6 });
afterAll(async () => {
  await world.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (door: Door) => await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...door.env }, url: door.origin });

test("three processes that are restarted in turn, and killed, lose nothing and decide nothing twice", { timeout: atSize(240_000, 900_000) }, async () => {
  const servers: MeasuredServer[] = await Promise.all(doors.map(start));
  const urls = doors.map((door) => door.origin);
  const devices = world.tokens.map((token) => new DeviceLoad({ urls, token, jobIds: world.jobIds, batch: 4, retries: true }));
  let isOver = false;
  const running = Promise.all(devices.map((device) => device.run(() => isOver)));
  const exchanges = () => devices.reduce((sum, device) => sum + device.latenciesMs.length, 0);
  const more = async (count: number) => {
    const aim = exchanges() + count;
    await Promise.race([running, expect.poll(exchanges, { timeout: 60_000 }).toBeGreaterThanOrEqual(aim)]);
  };
  try {
    for (const signal of ["SIGTERM", "SIGKILL", "SIGTERM"] as const) {
      for (const [i, door] of doors.entries()) {
        await more(20);
        await servers[i]?.stop(signal);
        // The others go on without it.
        await more(10);
        servers[i] = await start(door);
      }
    }
    await more(20);
    isOver = true;
    await running;
    const reported = devices.reduce((sum, device) => sum + device.reported, 0);
    await verifyWorld(world.services, reported);
    expect(reported).toBeGreaterThan(200);
  } finally {
    isOver = true;
    await Promise.all(servers.map((server) => server.stop()));
  }
});
