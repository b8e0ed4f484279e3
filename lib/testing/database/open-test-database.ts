import { randomBytes } from "node:crypto";
import type pg from "pg";
import { inject } from "vitest";
import { type DatabaseOptions, type Db, openDatabase } from "#lib/server/db/client.ts";
import { quoteName, withClient } from "../../../scripts/postgres/with-client.ts";
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
  await withClient(server.url, async (admin) => await admin.query(`create database ${quoteName(name)} with template ${quoteName(server.template)}`));
  const url = databaseUrl(server.url, name);
  const db = openDatabase(url, { applicationName: "test", ...options });
  const close = async () => {
    await db.end({ timeout: END_TIMEOUT_S });
    await withClient(server.url, async (admin) => {
      const leaks = await openConnections(admin, name);
      await admin.query(`drop database ${quoteName(name)} with (force)`);
      if (leaks.length > 0) throw new Error(`The test left ${leaks.length} database connections open:\n${leaks.join("\n")}`);
    });
  };
  return { db, url, close };
}

/** Connections to the database that are still open after the server had a moment to notice those just closed. */
async function openConnections(admin: pg.Client, name: string): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const { rows } = await admin.query<{ application_name: string; state: string | null; query: string }>(
      "select application_name, state, query from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
      [name],
    );
    if (rows.length === 0 || waitedMs >= LEAK_WAIT_MS) return rows.map((row) => `  ${row.application_name} (${row.state ?? "unknown"}): ${row.query}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
