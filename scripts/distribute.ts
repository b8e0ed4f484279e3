import { distribute, NotDistributableError } from "#lib/server/db/distribution.ts";

/* Spreads the hot tables of the database that DATABASE_URL names over the nodes of its Citus cluster: `npm run db:distribute`. */
const url = process.env.DATABASE_URL;
if (!url) {
  console.error("DATABASE_URL is missing; it must be the postgres:// URL of the database to distribute.");
  process.exit(1);
}
try {
  const done = await distribute(url);
  console.log(done.length > 0 ? done.join("\n") : "Every table is in its place already.");
  console.log("Set DATABASE_PLANS=each for every process of the instance.");
} catch (error) {
  if (!(error instanceof NotDistributableError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
