import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Db, Reader } from "#lib/server/db/client.ts";
import { transaction } from "#lib/server/db/transaction.ts";
import { openTestDatabase } from "#lib/testing/database/open-test-database.ts";
import { chooseDoor } from "./doors.ts";
import { measureWithoutHttp } from "./in-process.ts";
import { measureExchange, quantileOf } from "./measure-exchange.ts";
import { startMeasuredServer } from "./measured-server.ts";
import { measureSqlLimit } from "./sql-limit.ts";
import { verifyWorld } from "./verify-world.ts";
import { openWorld } from "./world.ts";

const database = await openTestDatabase();
const folder = await mkdtemp(join(tmpdir(), "shoal-bench-"));
const door = await chooseDoor("gateway");
const migrations = resolve(import.meta.dirname, "../../drizzle");
const world = await openWorld({ databaseUrl: database.url, migrations, blobFolder: folder, origin: door.origin, jobs: 2, devices: 3 });
afterAll(async () => {
  await world.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const { db } = world.services;
const countResults = async () => (await db<{ count: number }[]>`select count(*)::int as count from results`)[0]?.count ?? 0;

test("a short run through the bare gateway is measured and proves its own work", async () => {
  const server = await startMeasuredServer({ nodeArgs: door.nodeArgs, env: { ...world.env, ...door.env }, url: door.origin });
  try {
    const figures = await measureExchange(world, server, { batch: 8, seconds: 1, warmUpExchanges: 20, databaseCpuMicros: async () => null });
    expect(figures.verifiedPerS).toBeGreaterThan(0);
    expect(figures.appCpuMicrosPerShard).toBeGreaterThan(0);
    expect(figures.p99Ms).toBeGreaterThanOrEqual(figures.p50Ms);
  } finally {
    await server.stop();
  }
});

test.each([
  ["the limit in SQL", measureSqlLimit],
  ["the exchange without HTTP", measureWithoutHttp],
])("%s does the same work in the same tables, and proves it", async (_name, measure) => {
  const own = await openTestDatabase();
  const limited = await openWorld({ databaseUrl: own.url, migrations, blobFolder: folder, origin: door.origin, jobs: 2, devices: 0 });
  try {
    const figures = await measure(limited, { devices: 4, batch: 8, seconds: 1, warmUpMs: 0, databaseCpuMicros: async () => null });
    expect(figures.verifiedPerS).toBeGreaterThan(0);
  } finally {
    await limited.close();
    await own.close();
  }
});

test.each([
  ["a lost result", "are stored", (sql: Reader) => sql`delete from results where ctid = (select min(ctid) from results)`],
  ["a lost verdict", "are decided", (sql: Reader) => sql`delete from shards where ctid = (select min(ctid) from shards)`],
  [
    "a wrong counter",
    "the counters say",
    (sql: Reader) => sql`update job_counters set accepted = accepted + 1 where ctid = (select min(ctid) from job_counters)`,
  ],
  [
    "an unsettled replica",
    "are not settled",
    (sql: Reader) => sql`update results set settled_at = null where ctid = (select min(ctid) from results where settled_at is not null)`,
  ],
  ["a lost posting", "the ledger", (sql: Reader) => sql`delete from job_postings where ctid = (select min(ctid) from job_postings where side = 'fee')`],
  ["a wrong output", "wrong output", (sql: Reader) => sql`update shards set output = 'something else'`],
])("a run with %s fails", async (_name, problem, spoil) => {
  const reported = await countResults();
  await expect(verifyWorld(world.services, reported)).resolves.toBeUndefined();
  class Undo extends Error {}
  const undone = transaction(db, async (tx) => {
    await spoil(tx);
    await expect(verifyWorld({ ...world.services, db: tx as unknown as Db }, reported)).rejects.toThrow(problem);
    throw new Undo();
  });
  await expect(undone).rejects.toBeInstanceOf(Undo);
});

test("a quantile is a value that was measured", () => {
  expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(2);
  expect(quantileOf([1, 2, 3, 4], 0.99)).toBe(4);
  expect(() => quantileOf([], 0.5)).toThrow("at least one");
});
