import { join } from "node:path";
import { migrate } from "#lib/server/db/migrate.ts";

/* Brings the database that DATABASE_URL names to the present schema: `npm run db:migrate`. */
const url = process.env.DATABASE_URL;
if (!url) {
  console.error("DATABASE_URL is missing; it must be the postgres:// URL of the database to migrate.");
  process.exit(1);
}
await migrate(url, join(import.meta.dirname, "..", "drizzle"));
