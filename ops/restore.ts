import { join, resolve } from "node:path";
import { RestoreError, restoreBackup } from "#lib/server/backup/restore-backup.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { openServices } from "#lib/server/services.ts";

/* `npm run restore -- FOLDER`: brings a backup into the empty database and blob store of the environment's settings, and proves the books. */
const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("Say from which folder: npm run restore -- FOLDER");
  process.exit(1);
}
const services = await openServices(process.env, "shoal restore");
try {
  const migrations = join(import.meta.dirname, "..", "drizzle");
  const { tables, blobs, createdAt } = await restoreBackup(resolve(folder), { databaseUrl: services.config.databaseUrl, migrations, blobs: services.blobs });
  const problems = await checkLedger(services.db);
  for (const problem of problems) console.error(`${problem.law}: ${problem.where} is off by ${problem.amountMicro} micro-units`);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const books = problems.length === 0 ? "the ledger holds" : `the ledger has ${problems.length} violations`;
  console.log(`Restored ${rows} rows and the bytes of ${blobs} artifacts as of ${createdAt}; ${books}.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof RestoreError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await services.db.end({ timeout: 5 });
}
