import "server-only";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Held while migrating, so that processes that start together apply each migration once. */
const MIGRATION_LOCK = 7_405_001;

/** Brings the schema of the database at `url` up to date from the SQL files in `folder`. */
export async function migrate(url: string, folder: string): Promise<void> {
  // Its own client: drizzle replaces the parsers of the client it is given.
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await runMigrations(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
  }
}
