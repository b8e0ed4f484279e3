import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { sweep } from "../background/sweep.ts";
import { endJob } from "../jobs/end-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getCounters } from "../shards/shard-store.ts";
import { JobSnapshot } from "./job-snapshot.ts";

const ROUNDS = atSize(1000, 5000);
const SHARDS_PER_ROUND = 4;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  await services.close();
});

describe("devices that report the same shards at the same moment", () => {
  test(`leave no shard undecided and decide none twice, over ${ROUNDS} rounds`, { timeout: 600_000 }, async () => {
    const owner = await makeAccount(services);
    const shardCount = ROUNDS * SHARDS_PER_ROUND;
    const { jobId } = await makeJob(services, owner.accountId, { shardCount, quorum: 3, replicasMax: 5, priceMicro: 10n });
    const snapshot = new JobSnapshot(services);
    const devices = await Promise.all(Array.from({ length: 3 }, async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
    for (let round = 0; round < ROUNDS; round++) {
      const grants: GrantView[] = [];
      for (const device of devices) grants.push(...(await device.exchange({ shards: SHARDS_PER_ROUND, knownJobs: [jobId] })).grants);
      expect(grants.map((g) => g.fromNo)).toEqual(new Array(devices.length).fill(round * SHARDS_PER_ROUND));
      await Promise.all(devices.map((device, i) => device.exchange({ reports: [reportOf(grants[i] as GrantView, (no) => `${no}`)] })));
    }
    const [decided] = await services.db<
      { accepted: number; nos: number }[]
    >`select count(*)::int as accepted, count(distinct no)::int as nos from shards where job_id = ${uuidOf(jobId)} and verdict = 'accepted'`;
    expect(decided).toEqual({ accepted: shardCount, nos: shardCount });
    expect(await getCounters(services.db, jobId)).toMatchObject({ accepted: shardCount, failed: 0, replicas: 3 * shardCount, wrong: 0 });
    const [settled] = await services.db<{ settled: number; untallied: number }[]>`
      select (select count(*)::int from results where job_id = ${uuidOf(jobId)} and settled_at is not null) as settled, (select count(*)::int from grants where untallied_since is not null) as untallied`;
    expect(settled).toEqual({ settled: 3 * shardCount, untallied: 0 });
    const [job] = await services.db<{ state: string }[]>`select state from jobs where id = ${uuidOf(jobId)}`;
    expect(job?.state).toBe("final");
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("and one of whom lies are judged each once: the liar is found wrong whoever comes first, and paid nothing", { timeout: 600_000 }, async () => {
    const rounds = ROUNDS / 10;
    const owner = await makeAccount(services);
    const shardCount = rounds * SHARDS_PER_ROUND;
    const { jobId } = await makeJob(services, owner.accountId, { shardCount, quorum: 2, replicasMax: 5, priceMicro: 10n });
    // A pass more than the quorum, so that three report at once.
    await services.db`update job_cursors set heads = '{0,0,0}' where job_id = ${uuidOf(jobId)}`;
    const snapshot = new JobSnapshot(services);
    const devices = await Promise.all(Array.from({ length: 3 }, async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
    const liar = devices[2] as DrivenDevice;
    for (let round = 0; round < rounds; round++) {
      const grants = new Map<DrivenDevice, GrantView>();
      for (const device of devices) {
        const [grant] = (await device.exchange({ shards: SHARDS_PER_ROUND, knownJobs: [jobId] })).grants.filter((one) => one.jobId === jobId);
        if (grant) grants.set(device, grant);
      }
      expect([...grants.values()].map((g) => g.fromNo)).toEqual(new Array(devices.length).fill(round * SHARDS_PER_ROUND));
      await Promise.all(
        [...grants].map(([device, grant]) => device.exchange({ reports: [reportOf(grant, (no) => (device === liar ? `lie ${no}` : `${no}`))] })),
      );
    }
    const judged = await services.db<{ lies: boolean; agreed: string | null; settled: boolean; count: number }[]>`
      select device_id = ${uuidOf(liar.deviceId)} as lies, agreed, settled_at is not null as settled, count(*)::int as count from results
      where job_id = ${uuidOf(jobId)} group by 1, 2, 3 order by 1`;
    expect(judged).toEqual([
      { lies: false, agreed: "yes", settled: true, count: 2 * shardCount },
      { lies: true, agreed: "no", settled: false, count: shardCount },
    ]);
    expect(await getCounters(services.db, jobId)).toMatchObject({ accepted: shardCount, failed: 0, replicas: 3 * shardCount, wrong: shardCount });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("the same report sent eight times at once is stored, decided and paid once", async () => {
    const owner = await makeAccount(services);
    const { jobId } = await makeJob(services, owner.accountId, { shardCount: 40, quorum: 1 });
    const snapshot = new JobSnapshot(services);
    const device = new DrivenDevice((await makeDevice(services)).ctx, snapshot);
    const [grant] = (await device.exchange({ shards: 40 })).grants as [GrantView];
    const report = reportOf(grant, (no) => `${no}`);
    await Promise.all(Array.from({ length: 8 }, () => device.exchange({ reports: [report] })));
    expect(await getCounters(services.db, jobId)).toMatchObject({ accepted: 40, replicas: 40 });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("devices that ask at once never get the same replica", async () => {
    const owner = await makeAccount(services);
    const { jobId } = await makeJob(services, owner.accountId, { shardCount: 400, quorum: 2 });
    const snapshot = new JobSnapshot(services);
    const devices = await Promise.all(Array.from({ length: 10 }, async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
    for (let i = 0; i < 8; i++) await Promise.all(devices.map((device) => device.exchange({ shards: 10, knownJobs: [jobId] })));
    const [overlap] = await services.db<{ n: number }[]>`
      select count(*)::int as n from grants a join grants b on a.job_id = b.job_id and a.voter_id = b.voter_id and a.id < b.id and a.from_no < b.to_no and b.from_no < a.to_no where a.job_id = ${uuidOf(jobId)}`;
    expect(overlap?.n).toBe(0);
    const cover = await services.db<{ holders: number }[]>`
      select count(g.id)::int as holders from generate_series(0, 399) as no left join grants g on g.job_id = ${uuidOf(jobId)} and g.from_no <= no and g.to_no > no group by no`;
    expect(Math.max(...cover.map((row) => row.holders))).toBeLessThanOrEqual(2);
    await services.db`update job_cursors set state = 'cancelled' where job_id = ${uuidOf(jobId)}`;
  });

  test("ending a job while its last results settle loses no money and pays nobody after", async () => {
    for (let round = 0; round < 30; round++) {
      const owner = await makeAccount(services);
      const { jobId } = await makeJob(services, owner.accountId, { shardCount: 20, quorum: 2 });
      const snapshot = new JobSnapshot(services);
      const [a, b] = await Promise.all([0, 1].map(async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
      if (!a || !b) throw new Error("two devices");
      const [grantA] = (await a.exchange({ shards: 20 })).grants as [GrantView];
      const [grantB] = (await b.exchange({ shards: 20 })).grants as [GrantView];
      await Promise.all([
        a.exchange({ reports: [reportOf(grantA, String)] }),
        b.exchange({ reports: [reportOf(grantB, String)] }),
        endJob(services, { jobId, state: "cancelled" }),
        sweep(services),
      ]);
    }
    expect(await checkLedger(services.db)).toEqual([]);
    const [negative] = await services.db<
      { n: number }[]
    >`select count(*)::int as n from (select job_id from job_postings where side = 'escrow' group by job_id having sum(amount_micro) < 0) as broken`;
    expect(negative?.n).toBe(0);
  });
});
