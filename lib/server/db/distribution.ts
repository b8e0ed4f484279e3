import "server-only";
import pg from "pg";

/**
 * Where the rows of a table lie in a database that several nodes hold. `by-job`: on the node of their job, together with all other rows of it. `everywhere`: a copy on each
 * node, so that they can be joined with rows of a job. All other tables stay on the node that the instance is connected to.
 */
export const BY_JOB = [
  "job_cursors",
  "job_counters",
  "grants",
  "wanted",
  "results",
  "shards",
  "job_postings",
  "job_artifacts",
  "job_windows",
  "holds",
  "refutations",
  "revocations",
  "job_folds",
  "job_reductions",
  "job_reduction_steps",
] as const;
export const EVERYWHERE = ["accounts", "artifacts", "jobs", "trust_classes"] as const;

/** All of them stand on the node of this one. */
const FIRST = BY_JOB[0];

/** No transaction has this number: what bears it counts as still to be read, and is never folded into a sum. */
const NEVER_FOLDED = "18446744073709551615";

/** Why a database cannot be distributed. */
export class NotDistributableError extends Error {
  override name = "NotDistributableError";
}

/**
 * Spreads the hot tables of the database at `url` over the nodes of its Citus cluster by job, and puts what they join onto every node. May be run again: what is
 * in its place stays there, so that tables of later migrations join the others. Transactions of other nodes have numbers of their own, by which postings cannot
 * be folded into sums; those of jobs are read one by one from then on. Returns what it did, a line for each table. Throws `NotDistributableError` where the
 * database has no Citus.
 */
export async function distribute(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await requireCitus(client);
    const placed = new Set((await client.query<{ name: string }>("select table_name::text as name from citus_tables")).rows.map(({ name }) => name));
    const done: string[] = [];
    for (const table of EVERYWHERE.filter((name) => !placed.has(name))) {
      await client.query("select create_reference_table($1::regclass)", [table]);
      done.push(`${table}: on every node`);
    }
    for (const table of BY_JOB.filter((name) => !placed.has(name))) {
      await client.query("select create_distributed_table($1::regclass, 'job_id', colocate_with => $2)", [table, table === FIRST ? "none" : FIRST]);
      done.push(`${table}: by job`);
    }
    await client.query(`alter table job_postings alter column written set default '${NEVER_FOLDED}'::xid8`);
    return done;
  } finally {
    await client.end();
  }
}

async function requireCitus(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ installed: boolean; available: boolean }>(
    "select exists (select 1 from pg_extension where extname = 'citus') as installed, exists (select 1 from pg_available_extensions where name = 'citus') as available",
  );
  const [found] = rows;
  if (found?.installed) return;
  throw new NotDistributableError(
    found?.available
      ? "The extension citus is there, and this database does not use it: run `create extension citus` in it, and on every node, then add the nodes."
      : "This PostgreSQL has no extension citus, so there is nothing to distribute over. One server does all that Shoal needs; see docs/operations/spread-the-database.md.",
  );
}
