import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { grantMsFor } from "#lib/domain/dispatch/estimate-runtime.ts";
import { type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { sweep } from "#lib/server/background/sweep.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { JobSnapshot } from "./job-snapshot.ts";

let services: TestServices;
let snapshot: JobSnapshot;
beforeAll(async () => {
  services = await openTestServices();
});
beforeEach(async () => {
  await services.db`update job_cursors set state = 'cancelled'`;
  snapshot = new JobSnapshot(services);
});
afterAll(async () => {
  await services.close();
});

const open = async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot);
const trust = async (deviceId: DeviceId, agreed: number) =>
  await services.db`insert into device_trust (device_id, cluster_id, agreed, touched_at) values (${uuidOf(deviceId)}, ${uuidOf(deviceId)}, ${agreed}, ${services.clock.now()})`;
const known = (jobId: JobId, msPerShard: number) => ({ measured: [{ jobId, msPerShard, count: 10 }] });

describe("the tail of a job", () => {
  test("is hurried by a reliable device in copies that are paid like any replica, once, and within the cap", async () => {
    const { accountId } = await makeAccount(services);
    const { jobId } = await makeJob(services, accountId, { shardCount: 1 });
    const [a, b, young, fast] = await Promise.all([open(), open(), open(), open()]);
    await Promise.all([trust(young.deviceId, 1), trust(fast.deviceId, 10)]);
    await fast.exchange();
    const [slow] = (await a.exchange({ shards: 1 })).grants;
    const [other] = (await b.exchange({ shards: 1 })).grants;
    if (!slow || !other) throw new Error("two grants");
    // Both are slow and say so: their leases go on.
    const renew = async () => {
      for (const [device, { grantId }] of [[a, slow] as const, [b, other] as const]) await device.exchange({ running: [{ jobId, grantId }] });
    };
    expect((await fast.exchange({ shards: 1 })).grants).toEqual([]);
    for (let i = 0; i < 2; i++) {
      services.clock.advance(30_000);
      await renew();
    }
    expect((await young.exchange({ shards: 1 })).grants).toEqual([]);
    expect((await b.exchange({ shards: 1 })).grants).toEqual([]);
    const [copy] = (await fast.exchange({ shards: 1 })).grants;
    expect(copy).toMatchObject({ jobId, fromNo: 0, toNo: 1 });
    const another = await open();
    await trust(another.deviceId, 10);
    await another.exchange();
    services.clock.advance(30_000);
    expect((await another.exchange({ shards: 1 })).grants).toEqual([]);
    if (!copy) throw new Error("a copy");
    await fast.exchange({ reports: [reportOf(copy, String)] });
    await a.exchange({ reports: [reportOf(slow, String)] });
    const settled = await services.db`select 1 from results where job_id = ${uuidOf(jobId)} and settled_at is not null`;
    expect(settled).toHaveLength(2);
    expect(await services.db`select 1 from shards where job_id = ${uuidOf(jobId)} and verdict = 'accepted'`).toHaveLength(1);
    expect(await checkLedger(services.db)).toEqual([]);
  });
});

describe("near the end of a job", () => {
  test("a shard waits behind another one on its device only while others have enough to do; who is done gets it at once", async () => {
    const { accountId } = await makeAccount(services);
    const { jobId } = await makeJob(services, accountId, { shardCount: 9, quorum: 1, replicasMax: 1 });
    const devices = await Promise.all([open(), open(), open(), open()]);
    const ask = { cores: 1, ...known(jobId, 1000) };
    const held = new Map<DrivenDevice, GrantView[]>();
    for (const device of devices) held.set(device, (await device.exchange({ shards: 1, ...ask })).grants);
    // Five are left for four who compute: each may have one waiting, as long as more than half as many as they are remain.
    const [a, b, c, d] = devices as [DrivenDevice, DrivenDevice, DrivenDevice, DrivenDevice];
    for (const device of [a, b, c]) expect((await device.exchange({ shards: 1, ...ask })).grants).toHaveLength(1);
    expect(await d.exchange({ shards: 1, ...ask })).toMatchObject({ grants: [], reason: "enough_held" });
    const [done] = held.get(d) ?? [];
    if (!done) throw new Error("a grant");
    expect((await d.exchange({ shards: 1, ...ask, reports: [reportOf(done, String)] })).grants).toHaveLength(1);
  });
});

describe("a device that lets grants go in silence", () => {
  test("gets half as much for each in a row, and all again after one report", async () => {
    const { accountId } = await makeAccount(services);
    const { jobId } = await makeJob(services, accountId, { shardCount: 100_000, priceMicro: 1n });
    const device = await open();
    const ask = { shards: 1000, cores: 1, ...known(jobId, 5) };
    const lengths: number[] = [];
    let last = (await device.exchange(ask)).grants;
    for (let i = 0; i < 3; i++) {
      lengths.push(last.reduce((sum, grant) => sum + grant.toNo - grant.fromNo, 0));
      services.clock.advance(services.config.grantLeaseMs + 1);
      await sweep(services);
      last = (await device.exchange(ask)).grants;
    }
    // What the age of its session allows, halved for each loss.
    const lossMs = services.config.grantLeaseMs + 1;
    expect(lengths).toEqual([0, 1, 2].map((losses) => Math.floor(Math.floor(grantMsFor(losses * lossMs) / 2 ** losses) / 5)));
    const [grant] = last;
    if (!grant) throw new Error("a grant");
    const whole = await device.exchange({ ...ask, reports: [reportOf(grant, String)] });
    expect(whole.grants.reduce((sum, each) => sum + each.toNo - each.fromNo, 0)).toBe(1000);
  });
});

describe("shares", () => {
  test("follow owners first and weights among an owner's jobs", async () => {
    const [one, two] = await Promise.all([makeAccount(services), makeAccount(services)]);
    const shape = { shardCount: 100_000, priceMicro: 1n };
    const [alone, light, heavy] = [
      await makeJob(services, one.accountId, shape),
      await makeJob(services, two.accountId, shape),
      await makeJob(services, two.accountId, shape),
    ];
    await services.db`update jobs set spec = jsonb_set(spec, '{weight}', '3') where id = ${uuidOf(heavy.jobId)}`;
    const got = new Map<JobId, number>();
    const device = await open();
    for (let i = 0; i < 80; i++) {
      for (const grant of (await device.exchange({ shards: 4 })).grants) got.set(grant.jobId, (got.get(grant.jobId) ?? 0) + grant.toNo - grant.fromNo);
    }
    expect([alone, light, heavy].map(({ jobId }) => got.get(jobId))).toEqual([160, 40, 120]);
  });

  test("do not leave a job to the one device that knows its program: of many jobs all come to verdicts", async () => {
    const { accountId } = await makeAccount(services);
    const jobs = await Promise.all(Array.from({ length: 12 }, () => makeJob(services, accountId, { shardCount: 100_000, priceMicro: 1n })));
    const devices = await Promise.all(Array.from({ length: 4 }, async () => ({ device: await open(), held: [] as GrantView[], knows: [] as JobId[] })));
    for (let round = 0; round < 12 * 8; round++) {
      const each = devices[round % devices.length];
      if (!each) throw new Error("a device");
      const { device, held, knows } = each;
      const measured = knows.map((jobId) => ({ jobId, msPerShard: 10, count: 10 }));
      each.held = (await device.exchange({ shards: 4, measured, reports: held.map((grant) => reportOf(grant, String)) })).grants;
      each.knows = [...new Set([...each.held.map((grant) => grant.jobId), ...knows])].slice(0, 16);
    }
    const rows = await services.db<{ count: number }[]>`
      select count(distinct job_id)::int as count from shards where verdict = 'accepted' and job_id = any(${jobs.map(({ jobId }) => uuidOf(jobId))}::uuid[])`;
    expect(rows[0]?.count).toBe(12);
  });
});
