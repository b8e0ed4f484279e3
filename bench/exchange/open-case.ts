import { join } from "node:path";
import type { BenchDatabase } from "./bench-database.ts";
import { chooseDoor, type DoorKind } from "./doors.ts";
import { asOne, type MeasuredServer, startMeasuredServer } from "./measured-server.ts";
import { openWorld, type World, type WorldShape } from "./world.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "..", "drizzle");

/** How many processes serve it, at different ports of one instance; one unless given. */
type Processes = { processes?: number };
type CaseShape = Processes &
  Pick<WorldShape, "jobs" | "devices" | "accounts" | "weightOf"> & {
    door: DoorKind /** Settings of the server beside those of the world. */;
    env?: Record<string, string>;
  };

/** Calls `body` with a filled, empty-handed world that nothing serves, and removes it afterwards. */
export async function withWorld<T>(database: BenchDatabase, shape: Pick<WorldShape, "jobs" | "devices">, body: (world: World) => Promise<T>): Promise<T> {
  return await database.withEmpty(async ({ databaseUrl, folder }) => {
    const world = await openWorld({ ...shape, databaseUrl, migrations: MIGRATIONS, blobFolder: folder, origin: "http://127.0.0.1" });
    try {
      return await body(world);
    } finally {
      await world.close();
    }
  });
}

/** Calls `body` with a filled, empty-handed world and a server in front of it, and removes both afterwards. */
export async function withCase<T>(database: BenchDatabase, shape: CaseShape, body: (world: World, app: MeasuredServer) => Promise<T>): Promise<T> {
  return await database.withEmpty(async ({ databaseUrl, folder }) => {
    const doors = await Promise.all(Array.from({ length: shape.processes ?? 1 }, () => chooseDoor(shape.door)));
    const origin = doors[0]?.origin ?? "";
    const world = await openWorld({ ...shape, databaseUrl, migrations: MIGRATIONS, blobFolder: folder, origin });
    const servers: MeasuredServer[] = [];
    try {
      for (const door of doors)
        servers.push(await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...door.env, ...shape.env }, url: door.origin }));
      return await body(world, asOne(servers));
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await world.close();
    }
  });
}
