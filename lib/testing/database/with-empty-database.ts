import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { quoteName, withClient } from "../../../scripts/postgres/with-client.ts";
import { CLONE_PREFIX, databaseUrl } from "./prepare-template.ts";

/** Calls `body` with the URL of a database without any table, and drops it afterwards. */
export async function withEmptyDatabase<T>(body: (url: string) => Promise<T>): Promise<T> {
  const server = inject("testDatabaseServer");
  const name = `${CLONE_PREFIX}${randomBytes(8).toString("hex")}`;
  await withClient(server.url, async (admin) => await admin.query(`create database ${quoteName(name)}`));
  try {
    return await body(databaseUrl(server.url, name));
  } finally {
    await withClient(server.url, async (admin) => await admin.query(`drop database ${quoteName(name)} with (force)`));
  }
}
