import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase } from "#lib/testing/database/open-test-database.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { type Db, openDatabase } from "./client.ts";
import { transaction } from "./transaction.ts";

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await openTestDatabase();
  db = openDatabase(database.url, { applicationName: "shoal cut" });
});
afterAll(async () => {
  await db.end({ timeout: 5 });
  await database.close();
});

test("connections that the server ends fail their statements and nothing else, at whatever moment it happens", async () => {
  let failed = 0;
  const note = () => {
    failed += 1;
  };
  for (let round = 0; round < atSize(40, 1000); round++) {
    const statements = Array.from({ length: 12 }, () => db`select pg_sleep(0.002)`.then(() => undefined, note));
    const transactions = Array.from({ length: 4 }, () => transaction(db, async (tx) => await tx`select pg_sleep(0.002)`).catch(note));
    await new Promise((resolve) => setTimeout(resolve, round % 8));
    await database.db`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'shoal cut'`;
    await Promise.all([...statements, ...transactions]);
  }
  expect(failed).toBeGreaterThan(0);
  // The pool may not have heard yet of the last ones that ended.
  await expect.poll(async () => await db`select 1 as one`.then((rows) => rows.length, note), { timeout: 10_000 }).toBe(1);
});
