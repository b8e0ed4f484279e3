import { migrate } from "#lib/server/db/migrate.ts";

/*
 * A program of its own: the server's modules load only under the condition `react-server`, which vitest gives to tests but not to its global setup.
 */
const { TEMPLATE_URL, MIGRATIONS_FOLDER } = process.env;
if (!TEMPLATE_URL || !MIGRATIONS_FOLDER) throw new Error("TEMPLATE_URL and MIGRATIONS_FOLDER must be set.");
await migrate(TEMPLATE_URL, MIGRATIONS_FOLDER);
