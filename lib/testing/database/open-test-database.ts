import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { type DatabaseOptions, type Db, openDatabase } from "#lib/server/db/client.ts";
import { CLONE_PREFIX, databaseUrl } from "./prepare-template.ts";

const END_TIMEOUT_S = 5;
const LEAK_WAIT_MS = 1_000;
const POLL_MS = 20;

export type TestDatabase = {
  db: Db;
  /** For code under test that opens its own connections; it must also close them. */
  url: string;
  /** Drops the database; fails when any connection besides `db` is still open, and names it. Call it in `afterAll`. */
  close: () => Promise<void>;
};

/** A database of its own for the calling test file, with the current schema and no rows of anybody else. */
export async function openTestDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject("testDatabaseServer");
  const name = `${CLONE_PREFIX}${randomBytes(8).toString("hex")}`;
  await withAdmin(server.url, (admin) => admin`create database ${admin(name)} with template ${admin(server.template)}`);
  const url = databaseUrl(server.url, name);
  const db = openDatabase(url, { applicationName: "test", ...options });
  const close = async () => {
    await db.end({ timeout: END_TIMEOUT_S });
    await withAdmin(server.url, async (admin) => {
      const leaks = await openConnections(admin, name);
      await admin`drop database ${admin(name)} with (force)`;
      if (leaks.length > 0) throw new Error(`The test left ${leaks.length} database connections open:\n${leaks.join("\n")}`);
    });
  };
  return { db, url, close };
}

/** Connections to the database that are still open after the server had a moment to notice those just closed. */
async function openConnections(admin: postgres.Sql, name: string): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const rows = await admin<{ application_name: string; state: string | null; query: string }[]>`
      select application_name, state, query from pg_stat_activity where datname = ${name} and backend_type = 'client backend'`;
    if (rows.length === 0 || waitedMs >= LEAK_WAIT_MS) return rows.map((row) => `  ${row.application_name} (${row.state ?? "unknown"}): ${row.query}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function withAdmin<T>(url: string, body: (admin: postgres.Sql) => PromiseLike<T>): Promise<T> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await body(admin);
  } finally {
    await admin.end();
  }
}
