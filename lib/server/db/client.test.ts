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

test("arrays arrive as they were sent, whatever they hold", async () => {
  const texts = ["", "a", "null", "NULL", null, '"', "\\", "{}", "a,b", " a", "a\n", "\t", "ü", "$1", "'", "x".repeat(10_000), "a+b/c=", "1.5", "-", "a b"];
  for (const values of [texts, ["plain", "text"], ["null"], [], [null, null], ...texts.map((text) => [text])])
    expect((await db<{ got: (string | null)[] }[]>`select ${values}::text[] as got`)[0]?.got).toEqual(values);
  for (const values of [[1, -2, 2 ** 31 - 1], [null, 0], []])
    expect((await db<{ got: (number | null)[] }[]>`select ${values}::int[] as got`)[0]?.got).toEqual(values);
  await expect(db`select ${[1.5]}::int[]`).rejects.toThrow();
  expect((await db<{ got: Date[] }[]>`select ${[new Date(7)]}::timestamptz[] as got`)[0]?.got).toEqual([new Date(7)]);
});
