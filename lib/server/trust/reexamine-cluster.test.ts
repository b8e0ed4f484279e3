import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { getJob } from "../jobs/get-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { listDetections } from "./closing-store.ts";
import { runTrust } from "./run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 10_000 };

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const truth = (no: number) => `output of ${no}`;
const lie = (no: number) => `a lie about ${no}`;

/** A job, a trusted device, and devices that have long been there, in the clusters that are named. */
async function world(shardCount: number, clusters: readonly string[]) {
  await services.db`update devices set trusted = false`;
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { assurance: "standard", shardCount });
  const snapshot = new JobSnapshot(services);
  const devices = await Promise.all(
    clusters.map(async (clusterId) => {
      const device = new DrivenDevice((await makeDevice(services)).ctx, snapshot);
      await services.db`insert into device_trust (device_id, cluster_id, age, touched_at) values (${uuidOf(device.deviceId)}, ${clusterId}, 5000, ${services.clock.now()})`;
      return device;
    }),
  );
  const trusted = new DrivenDevice((await makeDevice(services, { trusted: true })).ctx, snapshot);
  return { owner, jobId, devices: devices as [DrivenDevice, DrivenDevice, DrivenDevice], trusted };
}

/** As if the lottery had drawn the first result of this device and none of anybody else's; lots are spread evenly from 0.05 on. */
async function drawOnly(device: DrivenDevice): Promise<void> {
  const { db } = services;
  await db`delete from wanted where kind in ('check', 'verify')`;
  await db`
    update holds h set "check" = 'none', rate = 0.04, lot = 0.05 + 0.95 * o.rank / o.count
    from (select job_id, no, row_number() over (partition by device_id order by no) - 1 as rank, count(*) over (partition by device_id) as count from holds) as o
    where h.job_id = o.job_id and h.no = o.no`;
  const [first] = await db<{ job_id: string; no: number; round: number }[]>`
    update holds set "check" = 'drawn' where (job_id, no) = (select job_id, no from holds where device_id = ${uuidOf(device.deviceId)} order by no limit 1) returning job_id, no, round`;
  await db`
    insert into wanted (job_id, from_no, to_no, round, kind, lane, priority, ordinal, excluded, excluded_until, created_at)
    values (${first?.job_id ?? ""}, ${first?.no ?? 0}, ${(first?.no ?? 0) + 1}, ${first?.round ?? 0}, 'check', 'trusted', 2, 'lot', '{}', ${services.clock.now()}, ${services.clock.now()})`;
}

async function settle(trusted: DrivenDevice): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const turn = await runTrust(services);
    services.clock.advance(501);
    const computed = await trusted.compute(64, truth);
    quiet = turn.folded + turn.revoked + turn.devices + computed === 0 ? quiet + 1 : 0;
  }
}

async function drawnOf(device: DrivenDevice): Promise<number> {
  const [row] = await services.db<
    { drawn: number }[]
  >`select count(*)::int as drawn from holds where device_id = ${uuidOf(device.deviceId)} and "check" <> 'none'`;
  return row?.drawn ?? 0;
}

test("when one device is found out, a quarter of what its cluster has on hold is checked, which costs honest devices nothing, and strangers are left alone", async () => {
  const [home, elsewhere] = [randomUUID(), randomUUID()];
  const { owner, jobId, devices, trusted } = await world(120, [home, home, elsewhere]);
  const [first, second, stranger] = devices;
  expect(await first.compute(40, lie)).toBe(40);
  expect(await second.compute(40, truth)).toBe(40);
  expect(await stranger.compute(40, truth)).toBe(40);
  await runTrust(services);
  await drawOnly(first);
  await trusted.compute(1, truth);
  await runTrust(services);
  expect(await drawnOf(second)).toBe(9);
  expect(await drawnOf(stranger)).toBe(0);
  await settle(trusted);
  expect(await drawnOf(second)).toBe(9);
  const known =
    await services.db`select stage, strikes from device_trust where device_id = any(${[second, stranger].map(({ deviceId }) => uuidOf(deviceId))}::uuid[])`;
  expect(known.every((row) => row.stage === "active" && row.strikes === 0)).toBe(true);
  expect((await outputsOf(jobId)).join()).toBe(Array.from({ length: 120 }, (_, no) => truth(no)).join());
  for (let i = 0; i < 5; i++) {
    services.clock.advance(HOLD.windowMsMax + 1);
    await settle(trusted);
  }
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 120 });
});

test("a ring of one cluster that lies together is found as a whole, wherever the first check strikes", async () => {
  const ring = randomUUID();
  const { jobId, devices, trusted } = await world(120, [ring, ring, ring]);
  const [first, ...others] = devices;
  for (const device of devices) expect(await device.compute(40, lie)).toBe(40);
  await runTrust(services);
  await drawOnly(first);
  await settle(trusted);
  expect((await outputsOf(jobId)).join()).toBe(Array.from({ length: 120 }, (_, no) => truth(no)).join());
  const found =
    await services.db`select 1 from device_trust where device_id = any(${others.map(({ deviceId }) => uuidOf(deviceId))}::uuid[]) and stage <> 'active'`;
  expect(found).toHaveLength(2);
});

test("in the estimate of hidden errors, results that were drawn because of their cluster count at the rate at which they were drawn", async () => {
  const ring = randomUUID();
  const { jobId, devices, trusted } = await world(80, [ring, ring]);
  for (const device of devices.slice(0, 2)) expect(await device.compute(40, lie)).toBe(40);
  await runTrust(services);
  await drawOnly(devices[0]);
  await settle(trusted);
  const rates = await services.db<{ rate: number }[]>`
    select rate from refutations where job_id = ${uuidOf(jobId)} and device_id = ${uuidOf(devices[1].deviceId)}`;
  expect(rates).toHaveLength(40);
  expect(rates.filter(({ rate }) => rate >= 0.25).length).toBeGreaterThanOrEqual(9);
});

async function outputsOf(jobId: Parameters<typeof getJob>[1]["jobId"]): Promise<string[]> {
  const rows = await services.db<{ output: Buffer }[]>`select output from shards where job_id = ${uuidOf(jobId)} order by no`;
  return rows.map((row) => row.output.toString());
}

test("in the estimate of hidden errors, what a device gave before it was found out is held apart from what it gave afterwards, whenever either was found wrong", async () => {
  const { devices, trusted } = await world(40, [randomUUID()]);
  const [liar] = devices;
  expect(await liar.compute(10, (no) => (no < 2 ? lie(no) : truth(no)))).toBe(10);
  await runTrust(services);
  await drawOnly(liar);
  await settle(trusted);
  expect(await liar.compute(5, lie)).toBe(5);
  await settle(trusted);
  const [state] = await services.db<{ closing: number }[]>`select closed_window_no + 1 as closing from trust_classes where assurance = 'standard'`;
  const detections = await listDetections(services.db, "standard", state?.closing ?? 0);
  const [ofLiar] = detections.filter((detection) => detection.length === 7);
  const told = (ofLiar ?? []).map(({ rate, isLater }) => ({ rate: Number(rate.toFixed(2)), isLater }));
  expect(told.filter(({ isLater }) => !isLater)).toEqual([0.04, 0.04].map((rate) => ({ rate, isLater: false })));
  expect(told.filter(({ isLater }) => isLater)).toEqual(new Array(5).fill({ rate: 1, isLater: true }));
});
