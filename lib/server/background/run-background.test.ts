import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { type PostgresServer, startPostgres } from "../../../scripts/postgres/start-postgres.ts";
import { openDatabase } from "../db/client.ts";
import { migrate } from "../db/migrate.ts";
import { type BackgroundWork, runBackground } from "./run-background.ts";

const WAIT_MS_MAX = 60_000;
const QUICK = ["payouts", "sweep", "trust"];
let folder: string;
let server: PostgresServer;
let services: TestServices;
let work: BackgroundWork;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-background-"));
  server = await startPostgres({ folder });
  await migrate(server.url, "drizzle");
  services = await openTestServices();
  const db = openDatabase(server.url, { connectionsMax: 3 });
  work = runBackground({ ...services, db, clock: { now: () => new Date() }, config: { ...services.config, databaseUrl: server.url } });
});
afterAll(async () => {
  await work.stop();
  await server.stop();
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

/** Waits until the duties that come every other second were queued anew since a row of the queue. Fails after a minute. */
async function untilQueuedAfter(id: bigint): Promise<bigint> {
  const db = openDatabase(server.url, { connectionsMax: 1 });
  try {
    for (const deadlineMs = Date.now() + WAIT_MS_MAX; ; ) {
      const [queued] = await db<{ keys: number; last: bigint }[]>`
        select count(distinct key)::int as keys, max(id) as last from graphile_worker.jobs where key = any(${QUICK}) and id > ${id}`.then(
        (rows) => rows,
        () => [],
      );
      if (queued?.keys === QUICK.length) return queued.last;
      if (Date.now() > deadlineMs) throw new Error(`After a minute ${queued?.keys ?? 0} of ${QUICK.length} duties were queued again.`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await db.end({ timeout: 1 });
  }
}

test("every duty goes on after the database was away, at any moment of it", { timeout: 200_000 }, async () => {
  let last = await untilQueuedAfter(await untilQueuedAfter(0n));
  const port = Number(new URL(server.url).port);
  for (const downMs of [0, 3000]) {
    await server.stop();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    server = await startPostgres({ folder, port });
    const before = last;
    last = await untilQueuedAfter(await untilQueuedAfter(before));
    expect(last).toBeGreaterThan(before);
  }
});

test("every duty goes on after the database went away again and again, also while the work came back", { timeout: 300_000 }, async () => {
  const port = Number(new URL(server.url).port);
  let last = await untilQueuedAfter(0n);
  for (const upMs of atSize([0, 300], [0, 150, 300, 600, 1200])) {
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setTimeout(resolve, upMs));
      const { exited, pid, stop } = server;
      if (i === 0) await stop();
      else process.kill(pid, "SIGKILL");
      await exited;
      server = await startPostgres({ folder, port });
    }
    last = await untilQueuedAfter(await untilQueuedAfter(last));
  }
});

test("a duty that a dead process holds is queued again", { timeout: 100_000 }, async () => {
  const last = await untilQueuedAfter(0n);
  const db = openDatabase(server.url, { connectionsMax: 1 });
  // As it is left by a process that was killed two minutes ago.
  const hold = async () =>
    await db`update graphile_worker._private_jobs set locked_at = now() - interval '2 minutes', locked_by = 'gone', attempts = 1 where key = 'sweep' and locked_at is null`;
  while ((await hold()).count === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await untilQueuedAfter(last + 1n)).toBeGreaterThan(last);
  await db.end({ timeout: 1 });
});
