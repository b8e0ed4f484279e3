import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { getNetworkHistory as historyEndpoint, getNetwork as networkEndpoint, networkView } from "#lib/protocol/network/network.ts";
import { makeAccount, makeDevice, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countNetwork } from "../background/count-network.ts";
import type { Context } from "../context.ts";
import { openDatabase } from "../db/client.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { handle } from "../http/handle.ts";
import { endJob } from "../jobs/end-job.ts";
import { getNetwork, getNetworkJob } from "./get-network.ts";
import { getNetworkHistory } from "./get-network-history.ts";

const MINUTE_MS = 60_000;

let services: TestServices;
let anybody: Context;
let owner: WalletOwner;

beforeAll(async () => {
  services = await openTestServices();
  anybody = { ...services, principal: { kind: "anonymous" } };
  owner = (await makeAccount(services)).ctx;
});
afterAll(async () => await services.close());

/** A reading that no earlier one is kept for. */
async function readFresh() {
  services.clock.advance(2000);
  return await getNetwork(anybody);
}

async function makeDevices(count: number): Promise<DrivenDevice[]> {
  const snapshot = new JobSnapshot(services);
  return await Promise.all(Array.from({ length: count }, async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
}

/** New devices take `shards` shards of the only running job and report them; the output may differ by device. */
async function compute(shards: number, outputs: readonly string[] = ["same", "same"]): Promise<void> {
  for (const [i, device] of (await makeDevices(outputs.length)).entries()) {
    const { grants } = await device.exchange({ shards });
    await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `${outputs[i]} ${no}\n`)) });
  }
}

async function end(jobId: JobId): Promise<void> {
  await endJob(services, { jobId, state: "cancelled" });
}

/** Counts now and lets a minute pass. */
async function countAndWait(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await countNetwork(services);
    services.clock.advance(MINUTE_MS);
  }
}

test("200 to anybody: an instance on which nothing ran says so, and invents no figure", async () => {
  expect(await readFresh()).toEqual({ devices: { computing: 0, seen: 0 }, verified: null, energy: null, jobCount: 0, jobs: [] });
  await countNetwork(services);
  const { verified } = await readFresh();
  expect(verified).toEqual({
    countedAt: expect.any(String),
    shardsPerMinute: null,
    lastHour: 0,
    total: 0,
    replicasPerShard: null,
    disagreedShare: null,
  });
  for (const [endpoint, command] of [
    [networkEndpoint, getNetwork],
    [historyEndpoint, getNetworkHistory],
  ] as const) {
    const door = handle(endpoint as typeof networkEndpoint, command as typeof getNetwork, async () => services);
    expect((await door(new Request(`${services.config.origin}${endpoint.path}`))).status, endpoint.name).toBe(200);
  }
});

describe("figures", () => {
  let jobId: JobId;

  test("count what was verified, how often it ran and how much of it disagreed", async () => {
    await countAndWait();
    jobId = (await makeJob(services, owner.principal.accountId, { shardCount: 40 })).jobId;
    await compute(4);
    await compute(2, ["same", "other", "same"]);
    await countNetwork(services);
    const { verified } = await readFresh();
    // 4 shards × 2 replicas, 2 shards × 3 replicas of which one each disagreed.
    expect(verified).toMatchObject({ lastHour: 6, total: 6, shardsPerMinute: 6, replicasPerShard: 14 / 6, disagreedShare: 2 / 14 });
  });

  test("reckon energy from the cores of devices while they hold shards, and from no core that only registered", async () => {
    const { energy: before } = await readFresh();
    const [computing] = await makeDevices(2);
    await computing?.exchange({ shards: 3 });
    await services.db`update devices set cores = 60 where id in (select device_id from grants where state = 'open')`;
    await services.db`update devices set cores = 1024 where id not in (select device_id from grants where state = 'open')`;
    // Within the lease: a device that fell silent stops counting at its deadline.
    services.clock.advance(30_000);
    await countNetwork(services);
    const { energy } = await readFresh();
    const addedHours = (energy?.coreHours ?? Number.NaN) - (before?.coreHours ?? Number.NaN);
    const [last, previous] = await services.db<{ at: Date; cores: number }[]>`select at, cores from network_samples order by at desc limit 2`;
    expect(last?.cores).toBe(60);
    expect(addedHours).toBeCloseTo((60 * (Number(last?.at) - Number(previous?.at))) / 3_600_000, 9);
    expect(energy?.wattHours.to).toBeCloseTo((energy?.coreHours ?? 0) * (energy?.wattsPerCore.to ?? 0), 9);
    services.clock.advance(services.config.grantLeaseMs);
    await countNetwork(services);
    expect((await readFresh()).energy?.coreHours).toBeCloseTo(energy?.coreHours ?? 0, 9);
  });

  test("count devices by what they hold: until their grants' deadline, and never as computing when they hold none", async () => {
    const before = await readFresh();
    const [computing, idle] = await makeDevices(2);
    await computing?.exchange({ shards: 3 });
    await idle?.exchange({ shards: 0 });
    expect((await readFresh()).devices.computing).toBe(before.devices.computing + 1);
    services.clock.advance(services.config.grantLeaseMs);
    expect((await readFresh()).devices.computing).toBe(0);
  });

  test("forget devices ten minutes after they were last seen, and revoked ones at once", async () => {
    const now = services.clock.now();
    const { deviceId } = await makeDevice(services);
    await services.db`update devices set last_seen_at = ${new Date(now.getTime() - 60 * MINUTE_MS)}`;
    const see = async () => await services.db`update devices set last_seen_at = ${services.clock.now()} where id = ${uuidOf(deviceId)}`;
    await see();
    expect((await readFresh()).devices.seen).toBe(1);
    services.clock.advance(10 * MINUTE_MS);
    expect((await readFresh()).devices.seen).toBe(0);
    await see();
    await services.db`update devices set revoked_at = now() where id = ${uuidOf(deviceId)}`;
    expect((await readFresh()).devices.seen).toBe(0);
  });

  test("are unknown once nobody has counted for three minutes, and known again with the next count", async () => {
    services.clock.advance(4 * MINUTE_MS);
    expect((await readFresh()).verified).toBeNull();
    await countNetwork(services);
    expect((await readFresh()).verified).toMatchObject({ total: 6, shardsPerMinute: null });
  });

  test("stay when the job they came from has ended", async () => {
    await end(jobId);
    await countNetwork(services);
    expect((await readFresh()).verified).toMatchObject({ total: 6 });
  });
});

describe("running jobs", () => {
  test("are named with purpose, progress and a shortened owner, and nothing private", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 10 });
    await compute(3);
    const view = await readFresh();
    expect(networkView.parse(view)).toEqual(view);
    const { address } = owner.principal;
    expect(view.jobs).toEqual([
      {
        id: jobId,
        name: "Counting",
        topic: "tests",
        description: "",
        owner: `${address.slice(0, 6)}…${address.slice(-4)}`,
        shardCount: 10,
        acceptedCount: 3,
        failedCount: 0,
        devices: 0,
        hasPicture: false,
        isDonation: false,
        isOffered: true,
        wait: "no_device",
      },
    ]);
    expect(JSON.stringify(networkEndpoint.output.parse(view))).not.toContain(address);
    await end(jobId);
    expect((await readFresh()).jobs).toEqual([]);
  });

  test("say why they wait, and offer nothing once everything is out", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 4 });
    const seen = async () => (await readFresh()).jobs.map(({ devices, isOffered, wait }) => ({ devices, isOffered, wait }));
    const [first, second] = await makeDevices(2);
    const held = await first?.exchange({ shards: 1 });
    expect(await seen()).toEqual([{ devices: 1, isOffered: true, wait: null }]);
    const rest = await first?.exchange({ shards: 10 });
    await first?.exchange({ reports: [...(held?.grants ?? []), ...(rest?.grants ?? [])].map((grant) => reportOf(grant, String)) });
    expect(await seen()).toEqual([{ devices: 0, isOffered: true, wait: "second_device" }]);
    await second?.exchange({ shards: 10 });
    expect(await seen()).toEqual([{ devices: 1, isOffered: false, wait: "all_granted" }]);
    await end(jobId);
  });

  test("are the newest twenty, with the number of all", async () => {
    const jobIds: JobId[] = [];
    for (let i = 0; i < 22; i++) {
      services.clock.advance(1000);
      jobIds.push((await makeJob(services, owner.principal.accountId, { shardCount: 1 })).jobId);
    }
    const { jobs, jobCount } = await readFresh();
    expect(jobCount).toBe(22);
    expect(jobs.map((job) => job.id)).toEqual(jobIds.slice(2).reverse());
    // An old job that still has something to give is named before younger ones that have not.
    await services.db`update job_cursors set heads = '{1,1}' where job_id <> ${uuidOf(jobIds[0] as JobId)}`;
    expect((await readFresh()).jobs[0]?.id).toBe(jobIds[0]);
    for (const jobId of jobIds) await end(jobId);
  });
});

test("a link's job is described while it runs, also where it is not among the newest, and is nothing afterwards", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { topic: "linked" });
  expect(await getNetworkJob(anybody, { jobId })).toMatchObject({ job: { id: jobId, topic: "linked", isOffered: true } });
  await end(jobId);
  expect(await getNetworkJob(anybody, { jobId })).toEqual({ job: null });
});

test("many visitors cost one reading in two seconds", async () => {
  let statements = 0;
  const db = openDatabase(services.databaseUrl, { onStatement: () => statements++ });
  const visitor = { ...anybody, db };
  await Promise.all(Array.from({ length: 50 }, () => getNetwork(visitor)));
  const once = statements;
  await getNetwork(visitor);
  expect([once > 0, statements]).toEqual([true, once]);
  services.clock.advance(2000);
  await getNetwork(visitor);
  expect(statements).toBeGreaterThan(once);
  await db.end();
});

describe("history", () => {
  test("400: a range that does not exist", async () => {
    const door = handle(historyEndpoint, getNetworkHistory, async () => services);
    expect((await door(new Request(`${services.config.origin}/api/v1/network/history?range=year`))).status).toBe(400);
  });

  test("gives the rate of each step, a pause as unknown, and the devices of its end", async () => {
    services.clock.advance(9 * 86_400_000);
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 100 });
    await countAndWait();
    await compute(5);
    await countAndWait(2);
    services.clock.advance(10 * MINUTE_MS);
    await compute(5);
    const [device] = await makeDevices(1);
    await device?.exchange({ shards: 1 });
    await countAndWait();
    const { spans } = await getNetworkHistory(anybody, { range: "hour" });
    expect(spans.map((span) => span.shardsPerMinute)).toEqual([5, 0, null]);
    expect(spans.map((span) => span.devices)).toEqual([0, 0, 1]);
    expect(spans.map((span) => Date.parse(span.to) - Date.parse(span.from))).toEqual([MINUTE_MS, MINUTE_MS, 11 * MINUTE_MS]);
    await end(jobId);
  });

  test("of a day and a week has fewer and longer steps that add up to the same total", async () => {
    services.clock.advance(9 * 86_400_000);
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 100 });
    const both = await makeDevices(2);
    for (let minute = 0; minute <= 240; minute++) {
      if (minute % 20 === 10) {
        for (const device of both) {
          const { grants } = await device.exchange({ shards: 1 });
          await device.exchange({ reports: grants.map((grant) => reportOf(grant, String)) });
        }
      }
      await countAndWait();
    }
    for (const [range, stepsMax] of [
      ["day", 18],
      ["week", 4],
    ] as const) {
      const { spans } = await getNetworkHistory(anybody, { range });
      expect([spans.length <= stepsMax, spans.length > 1], range).toEqual([true, true]);
      const minutes = (span: { from: string; to: string }) => (Date.parse(span.to) - Date.parse(span.from)) / MINUTE_MS;
      const total = spans.reduce((sum, span) => sum + (span.shardsPerMinute ?? 0) * minutes(span), 0);
      expect(Math.round(total), range).toBe(12);
    }
    await end(jobId);
  });

  test("is kept for eight days", async () => {
    const count = async () => (await services.db<{ count: number }[]>`select count(*)::int as count from network_samples`)[0]?.count;
    expect(await count()).toBeGreaterThan(200);
    services.clock.advance(9 * 86_400_000);
    await countNetwork(services);
    expect(await count()).toBe(1);
  });
});
