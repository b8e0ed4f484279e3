import { afterAll, expect, inject, test } from "vitest";
import { openClient } from "../../../scripts/postgres/with-client.ts";
import { openTestDatabase } from "./open-test-database.ts";
import { databaseUrl } from "./prepare-template.ts";

const first = await openTestDatabase();
afterAll(() => first.close());

test("two test databases share the schema and no rows", async () => {
  const second = await openTestDatabase();
  try {
    await first.db`create table only_here (id int)`;
    const tables = await second.db`select table_name from information_schema.tables where table_schema = 'public'`;
    expect(tables.length).toBeGreaterThan(5);
    expect(tables.map((row) => row.table_name)).not.toContain("only_here");
  } finally {
    await second.close();
  }
});

test("closing fails and names the connection when the test left one open, and drops the database all the same", async () => {
  const leaky = await openTestDatabase();
  const left = await openClient(`${leaky.url}?application_name=forgotten`);
  await left.query("select 'kept open' as note");
  await expect(leaky.close()).rejects.toThrow(/1 database connections open:[\s\S]*forgotten/);
  await left.end();
  const names = await first.db`select datname from pg_database where datname = ${new URL(leaky.url).pathname.slice(1)}`;
  expect(names).toHaveLength(0);
});

test("the template has every migration that the folder holds", async () => {
  const { url, template } = inject("testDatabaseServer");
  const clone = await openTestDatabase();
  try {
    const [row] = await clone.db`select count(*)::int as applied from drizzle.__drizzle_migrations`;
    const { readdirSync } = await import("node:fs");
    expect(row?.applied).toBe(readdirSync("drizzle").filter((name) => name.endsWith(".sql")).length);
    expect(databaseUrl(url, template)).toContain(`/${template}`);
  } finally {
    await clone.close();
  }
});
