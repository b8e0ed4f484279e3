import { type PostgresOptions, type PostgresServer, startPostgres } from "./start-postgres.ts";
import { withClient } from "./with-client.ts";

/** A database to work with; `server` is null when it is the person's own. */
export type Database = { url: string; server: PostgresServer | null; stop: () => Promise<void> };

/** The database that DATABASE_URL names, which is then left as it is at the end; without one, an embedded server that stops with `stop()`. */
export async function startDatabase(options: PostgresOptions): Promise<Database> {
  const url = process.env.DATABASE_URL;
  if (!url) {
    const server = await startPostgres(options);
    return { url: server.url, server, stop: server.stop };
  }
  await checkAnswers(url);
  return { url, server: null, stop: async () => {} };
}

async function checkAnswers(url: string): Promise<void> {
  try {
    await withClient(url, async (client) => await client.query("select 1"));
  } catch (error) {
    // The URL may hold a password: it is not repeated.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The database that DATABASE_URL names does not answer: ${reason}. Start it, correct DATABASE_URL, or unset it to use the embedded PostgreSQL.`,
      { cause: error },
    );
  }
}
