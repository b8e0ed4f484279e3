import { resolve } from "node:path";
import { writeBackup } from "#lib/server/backup/write-backup.ts";
import { openServices } from "#lib/server/services.ts";

/* `npm run backup -- FOLDER`: writes the whole instance of the environment's settings into a folder while it runs. */
const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("Say into which folder: npm run backup -- FOLDER");
  process.exit(1);
}
const services = await openServices(process.env, "shoal backup");
try {
  const { tables, blobs } = await writeBackup({ databaseUrl: services.config.databaseUrl, blobs: services.blobs }, resolve(folder), services.clock.now());
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`${resolve(folder)} holds ${rows} rows of ${tables.length} tables and the bytes of ${blobs} artifacts.`);
} catch (error) {
  console.error(`There is no backup: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await services.db.end({ timeout: 5 });
}
