import { join } from "node:path";
import type { BenchDatabase } from "./bench-database.ts";
import { chooseDoor, type DoorKind } from "./doors.ts";
import { type MeasuredServer, startMeasuredServer } from "./measured-server.ts";
import { openWorld, type World, type WorldShape } from "./world.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "..", "drizzle");

type CaseShape = Pick<WorldShape, "jobs" | "devices" | "accounts" | "weightOf"> & {
  door: DoorKind /** Settings of the server beside those of the world. */;
  env?: Record<string, string>;
};

/** Calls `body` with a filled, empty-handed world and a server in front of it, and removes both afterwards. */
export async function withCase<T>(database: BenchDatabase, shape: CaseShape, body: (world: World, app: MeasuredServer) => Promise<T>): Promise<T> {
  return await database.withEmpty(async ({ databaseUrl, folder }) => {
    const door = await chooseDoor(shape.door);
    const world = await openWorld({ ...shape, databaseUrl, migrations: MIGRATIONS, blobFolder: folder, origin: door.origin });
    try {
      const app = await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...door.env, ...shape.env }, url: door.origin });
      try {
        return await body(world, app);
      } finally {
        await app.stop();
      }
    } finally {
      await world.close();
    }
  });
}
