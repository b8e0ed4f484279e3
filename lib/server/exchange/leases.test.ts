import { afterAll, beforeAll, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { lockCursor } from "./granting/cursor-store.ts";
import { JobSnapshot } from "./job-snapshot.ts";

/* Nothing here sweeps: what devices let go has to come back by the exchanges of others alone. */
let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ independentWaitMs: 60_000, grantLeaseMs: 45_000 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

async function world(shape: Parameters<typeof makeJob>[2]) {
  await services.db`update job_cursors set state = 'cancelled'`;
  const { jobId } = await makeJob(services, (await makeAccount(services)).accountId, shape);
  const snapshot = new JobSnapshot(services);
  const open = async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot);
  return { jobId, a: await open(), b: await open() };
}

const stateOf = async (jobId: JobId) => (await services.db<{ state: string }[]>`select state from jobs where id = ${uuidOf(jobId)}`)[0]?.state;
const openGrantsOf = async (jobId: JobId) => (await services.db`select 1 from grants where job_id = ${uuidOf(jobId)} and state = 'open'`).length;

test("the last shard of a job whose device is gone is given out again by whoever asks, without the sweeper", async () => {
  const { jobId, a, b } = await world({ shardCount: 2, quorum: 1 });
  await a.exchange({ shards: 1 });
  const [grant] = (await b.exchange({ shards: 1 })).grants as [GrantView];
  await b.exchange({ reports: [reportOf(grant, String)] });
  services.clock.advance(46_000);
  // The sweeper has its time first.
  expect((await b.exchange({ shards: 1 })).grants).toEqual([]);
  services.clock.advance(10_000);
  const [again] = (await b.exchange({ shards: 1 })).grants as [GrantView];
  expect(again).toMatchObject({ jobId, fromNo: 0, toNo: 1 });
  await b.exchange({ reports: [reportOf(again, String)] });
  expect(await stateOf(jobId)).toBe("final");
});

test("a device that renews keeps its shards whoever asks", async () => {
  const { jobId, a, b } = await world({ shardCount: 1, quorum: 1 });
  const [{ grantId }] = (await a.exchange({ shards: 1 })).grants as [GrantView];
  for (let i = 0; i < 4; i++) {
    services.clock.advance(40_000);
    expect((await a.exchange({ running: [{ jobId, grantId }] })).stop).toEqual([]);
    expect((await b.exchange({ shards: 1 })).grants).toEqual([]);
  }
});

test("many devices that ask at the same moment give out a lost shard once", async () => {
  const { jobId, a } = await world({ shardCount: 1, quorum: 1 });
  await a.exchange({ shards: 1 });
  services.clock.advance(56_000);
  const snapshots = [new JobSnapshot(services), new JobSnapshot(services)];
  const devices = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => new DrivenDevice((await makeDevice(services)).ctx, snapshots[i % 2] as JobSnapshot)),
  );
  const asked = await Promise.all(devices.map((device) => device.exchange({ shards: 1 })));
  const later = await Promise.all(devices.map((device) => device.exchange({ shards: 1 })));
  expect([...asked, ...later].flatMap(({ grants }) => grants)).toHaveLength(1);
  expect(await openGrantsOf(jobId)).toBe(1);
});

test("what a request granted after its second copy was answered reaches the device with its next request", async () => {
  const { jobId, a, b } = await world({ shardCount: 4, quorum: 1 });
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holder = transaction(services.db, async (tx) => {
    await lockCursor(tx, jobId, a.deviceId);
    held.resolve();
    await release.promise;
  });
  await held.promise;
  const first = a.exchange({ shards: 4 });
  const { seq } = a;
  // The second copy is a repeat only once the first has taken the number.
  await expect.poll(async () => (await services.db`select 1 from device_exchanges where device_id = ${uuidOf(a.deviceId)}`).length).toBe(1);
  expect((await a.exchange({ shards: 4, seq })).grants).toEqual([]);
  release.resolve();
  await holder;
  expect((await first).grants).toHaveLength(1);
  // The answer to the first copy went nowhere: nobody asks for these shards, and none are left.
  expect((await b.exchange({ shards: 4 })).grants).toEqual([]);
  const [missed] = (await a.exchange({ shards: 4 })).grants as [GrantView];
  expect(missed).toMatchObject({ jobId, fromNo: 0, toNo: 4 });
  // Once the device names it, it is not told again, and other devices' numbers bring nothing of it.
  const { grantId } = missed;
  expect((await a.exchange({ shards: 4, running: [{ jobId, grantId }] })).grants).toEqual([]);
  expect((await b.exchange({ shards: 4, seq })).grants).toEqual([]);
  await a.exchange({ reports: [reportOf(missed, String)] });
  expect(await stateOf(jobId)).toBe("final");
});
