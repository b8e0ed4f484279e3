import { afterAll, beforeAll, expect, test } from "vitest";
import type { JobId } from "#lib/domain/ids.ts";
import type { ExchangeOutput } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { sweep } from "../../background/sweep.ts";
import { JobSnapshot } from "../../exchange/job-snapshot.ts";
import { checkLedger } from "../../ledger/check-ledger.ts";
import { getJobMoney } from "../../ledger/ledger-store.ts";
import { cancelJob } from "../cancel-job.ts";
import { getJob } from "../get-job.ts";

const MILESTONES = [
  { finalPercent: 0, releasePercent: 20 },
  { finalPercent: 20, releasePercent: 60 },
  { finalPercent: 50, releasePercent: 100 },
];
let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

async function world(shape: Parameters<typeof makeJob>[2]) {
  const { accountId, ctx } = await makeAccount(services);
  const { jobId } = await makeJob(services, accountId, { shardCount: 10, replicasMax: 2, priceMicro: 1000n, feeBps: 500, ...shape });
  const snapshot = new JobSnapshot(services);
  const devices = [new DrivenDevice((await makeDevice(services)).ctx, snapshot), new DrivenDevice((await makeDevice(services)).ctx, snapshot)];
  return { jobId, ctx, devices };
}

/** Both devices take all they can get and report it; returns how many shards that were. */
async function computeAll(devices: readonly DrivenDevice[], jobId: JobId): Promise<number> {
  const taken: ExchangeOutput[] = [];
  for (const device of devices) taken.push(await device.exchange({ shards: 100, serves: { jobs: [jobId], topics: [] } }));
  for (const [i, device] of devices.entries())
    await device.exchange({ reports: (taken[i]?.grants ?? []).map((grant) => reportOf(grant, (no) => `output ${no}`)) });
  return (taken[0]?.grants ?? []).reduce((sum, { fromNo, toNo }) => sum + toNo - fromNo, 0);
}

test("a job's money becomes spendable in steps: what is not released is not granted, not even to many devices, until enough is final", async () => {
  const { jobId, ctx, devices } = await world({ milestones: MILESTONES });
  const released: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const { release } = await getJob(ctx, { jobId });
    released.push(release?.shards ?? 0);
    const finalBefore = (await getJob(ctx, { jobId })).finalCount;
    expect(await computeAll(devices, jobId)).toBe((release?.shards ?? 0) - finalBefore);
    expect(await computeAll(devices, jobId)).toBe(0);
    expect((await getJobMoney(services.db, jobId)).spentMicro).toBe(BigInt(release?.shards ?? 0) * 2n * 1050n);
    await sweep(services);
    await sweep(services);
  }
  expect(released).toEqual([2, 6, 10]);
  expect(await getJob(ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 10, release: { shards: 10, next: null } });
  expect((await getJobMoney(services.db, jobId)).heldMicro).toBe(0n);
});

test("a job that ends between two steps returns everything that no step released", async () => {
  const { jobId, ctx, devices } = await world({ milestones: MILESTONES });
  await computeAll(devices, jobId);
  expect(await getJob(ctx, { jobId })).toMatchObject({ release: { shards: 2, next: { finalPercent: 20, releasePercent: 60 } } });
  await cancelJob(ctx, { jobId });
  await sweep(services);
  const money = await getJobMoney(services.db, jobId);
  expect(money).toMatchObject({ reservedMicro: 21_000n, spentMicro: 4200n, returnedMicro: 16_800n, heldMicro: 0n });
  expect((await getJob(ctx, { jobId })).release?.shards).toBe(2);
});

test("a donation reserves and pays nothing; its results are checked, accepted and counted as any other's", async () => {
  const { jobId, ctx, devices } = await world({ priceMicro: 0n, replicasMax: 3 });
  const [first, second] = devices;
  if (!(first && second)) throw new Error("two devices are needed");
  const [a, b] = [
    await first.exchange({ shards: 10, serves: { jobs: [jobId], topics: [] } }),
    await second.exchange({ shards: 10, serves: { jobs: [jobId], topics: [] } }),
  ];
  await first.exchange({ reports: a.grants.map((grant) => reportOf(grant, (no) => `output ${no}`)) });
  await second.exchange({ reports: b.grants.map((grant) => reportOf(grant, (no) => (no === 3 ? "a lie" : `output ${no}`))) });
  expect(await getJob(ctx, { jobId })).toMatchObject({ acceptedCount: 9, price: { replicaMicro: "0" }, money: { reservedMicro: "0", spentMicro: "0" } });
  const third = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  await computeAll([third], jobId);
  expect(await getJob(ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 10 });
  const settled = await services.db<{ n: number }[]>`select count(*)::int as n from results where settled_at is not null and job_id = ${jobId.slice(4)}`;
  expect(settled[0]?.n).toBe(20);
  expect(await services.db`select 1 from job_postings where job_id = ${jobId.slice(4)}`).toHaveLength(0);
});
