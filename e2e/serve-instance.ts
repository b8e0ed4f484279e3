import { join } from "node:path";
import postgres from "postgres";
import { ROOT, startInstance } from "../scripts/instance/start-instance.ts";
import { startDatabase } from "../scripts/postgres/start-database.ts";

/*
 * The instance the browser stories run against, started and stopped by Playwright: the production build, an empty database, grants that are lost after a
 * few seconds of silence instead of 45.
 */
const folder = join(ROOT, ".local/e2e");
const database = await startDatabase({ folder: join(folder, "postgres") });
const sql = postgres(database.url, { max: 1, onnotice: () => {} });
await sql`drop schema if exists public, drizzle, graphile_worker cascade`;
await sql`create schema public`;
await sql.end();
await database.stop();

const started = await startInstance({
  folder,
  command: "npm run test:e2e",
  port: Number(process.env.PORT),
  serve: "as-built",
  buildEnv: {},
  env: { GRANT_LEASE_MS: "6000" },
  say: (line) => console.log(line),
});
if ("message" in started) {
  console.error(started.message);
  process.exit(1);
}
process.exit(await started.instance.failed);
