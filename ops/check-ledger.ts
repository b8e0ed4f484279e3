import { openDatabase } from "#lib/server/db/client.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";

/* `npm run ledger:check`: proves the books of the database that DATABASE_URL names, or lists what is wrong with them. */
const url = process.env.DATABASE_URL;
if (!url) {
  console.error("DATABASE_URL is missing; it must be the postgres:// URL of the database to check.");
  process.exit(1);
}
const db = openDatabase(url, { connectionsMax: 1, applicationName: "shoal ledger check", plans: process.env.DATABASE_PLANS === "each" ? "each" : "kept" });
const problems = await checkLedger(db);
await db.end();
for (const problem of problems) console.error(`${problem.law}: ${problem.where} is off by ${problem.amountMicro} micro-units`);
console.log(
  problems.length === 0
    ? "The ledger holds: every group sums to zero, every transfer is mirrored, every settled replica is paid once."
    : `${problems.length} violations.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
