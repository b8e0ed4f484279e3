import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExchangeOutput, GrantView } from "#lib/protocol/exchange/exchange.ts";
import { openDatabase } from "#lib/server/db/client.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { JobSnapshot } from "./job-snapshot.ts";

/** Reads of the snapshot (once a second per process, whatever the devices do) and the frame of transactions. */
const APART = [
  /from job_cursors c where c\.state = 'running'/,
  /from jobs where id = any/,
  /from trust_classes where is_flooded/,
  /^\s*(begin|commit|set local|select b\.oid)/i,
];

let services: TestServices;
let statements: string[] = [];
beforeAll(async () => {
  const opened = await openTestServices();
  const db = openDatabase(opened.databaseUrl, { applicationName: "test", connectionsMax: 1, onStatement: (text) => statements.push(text) });
  services = {
    ...opened,
    db,
    close: async () => {
      await db.end();
      await opened.close();
    },
  };
});
afterAll(async () => {
  await services.close();
});

/** What one exchange sends when it reports `shards` results that decide them and asks for as many more. */
async function statementsOf(shards: number): Promise<string[]> {
  await services.db`update job_cursors set state = 'paused'`;
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { shardCount: 5000 });
  const snapshot = new JobSnapshot(services);
  const [a, b] = await Promise.all([0, 1].map(async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
  if (!a || !b) throw new Error("two devices");
  const take = async (device: DrivenDevice): Promise<ExchangeOutput> => await device.exchange({ shards, knownJobs: [jobId] });
  const [grantA] = (await take(a)).grants as [GrantView];
  const [grantB] = (await take(b)).grants as [GrantView];
  await a.exchange({ reports: [reportOf(grantA, String)] });
  statements = [];
  await b.exchange({ reports: [reportOf(grantB, String)], shards, knownJobs: [jobId], running: [] });
  return statements.filter((text) => !APART.some((pattern) => pattern.test(text)));
}

describe("an exchange", () => {
  test("costs the same number of statements for 1 shard and for 512", async () => {
    await statementsOf(2);
    const few = await statementsOf(1);
    const many = await statementsOf(512);
    expect(many.length).toBe(few.length);
    expect(few.length).toBeLessThanOrEqual(24);
  });

  test("sends no statement that does not name one job or one device", async () => {
    for (const text of await statementsOf(8)) expect(text).toMatch(/job_id|device_id|pg_advisory_xact_lock_shared/);
  });
});
