import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { getJob } from "../jobs/get-job.ts";
import { createPool } from "../pools/create-pool.ts";
import { createInvite } from "../pools/invites.ts";
import { joinPool } from "../pools/join-pool.ts";
import { listTainted, taintClusters } from "./device-trust-store.ts";
import { joinCluster } from "./join-cluster.ts";
import { runTrust } from "./run-trust.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ independentWaitMs: 60_000 });
});
afterAll(async () => {
  await services.close();
});

/** A pool with a code that lets people in. */
async function pool() {
  const owner = await makeAccount(services);
  const { id: poolId } = await createPool(owner.ctx, { name: "Lab" });
  return { owner, poolId, code: (await createInvite(owner.ctx, { poolId, expiresInDays: 7 })).code };
}

type Placed = { code?: string; address: string | null; voterId?: string; signals?: TestServices["config"]["clusterSignals"] };

/** A device that registered from this address. */
async function placed(snapshot: JobSnapshot, { address, voterId, code, signals = services.config.clusterSignals }: Placed): Promise<DrivenDevice> {
  const { deviceId, ctx } = await makeDevice(services, voterId ? { voterId } : {});
  if (code !== undefined) await joinPool(ctx, { code });
  const at = services.clock.now();
  await transaction(services.db, (tx) =>
    joinCluster(
      tx,
      { ...services.config, clusterSignals: signals },
      {
        deviceId,
        voterId: ctx.principal.voterId,
        hasAccount: voterId !== undefined,
        isNew: true,
        address,
        registeredAt: at,
        at,
      },
    ),
  );
  services.clock.advance(61_000);
  return new DrivenDevice(ctx, snapshot);
}

async function world(shardCount: number) {
  await services.db`update jobs set state = 'cancelled' where state = 'running'`;
  await services.db`update job_cursors set state = 'cancelled'`;
  const owner = await makeAccount(services);
  return { owner, ...(await makeJob(services, owner.accountId, { shardCount })), snapshot: new JobSnapshot(services) };
}

async function computeAll(devices: readonly DrivenDevice[], shards: number): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const device of devices) {
      const { grants } = await device.exchange({ shards });
      if (grants.length > 0) await device.exchange({ reports: grants.map((grant: GrantView) => reportOf(grant, String)) });
    }
  }
}

describe("replicas of a shard", () => {
  test("do not go to two devices of one network, which are one cluster; a trusted device gives the other after a minute", async () => {
    const { owner, jobId, snapshot } = await world(4);
    const devices = [await placed(snapshot, { address: "203.0.113.7" }), await placed(snapshot, { address: "203.0.113.99" })];
    await computeAll(devices, 4);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ acceptedCount: 0 });
    expect((await devices[1]?.exchange({ shards: 4 }))?.reason).toBe("second_device");
    services.clock.advance(61_000);
    await computeAll([new DrivenDevice((await makeDevice(services, { trusted: true })).ctx, snapshot)], 4);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 4 });
  });

  test.each([
    ["on this machine, as in the demo", "127.0.0.1"],
    ["in one household or on one private network", "192.168.1.5"],
    ["whose address nobody knows", null],
  ])("go to devices %s", async (_, address) => {
    const { owner, jobId, snapshot } = await world(4);
    await computeAll([await placed(snapshot, { address }), await placed(snapshot, { address })], 4);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 4 });
  });

  test("go to ten devices behind one address where the instance serves a school or a lab", async () => {
    const { owner, jobId, snapshot } = await world(20);
    const devices: DrivenDevice[] = [];
    for (let i = 0; i < 10; i++) devices.push(await placed(snapshot, { address: "198.51.100.4", signals: ["account", "wrong_answer"] }));
    await computeAll(devices, 4);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 20 });
  });

  test("go to ten devices of one pool behind one address for jobs of that pool, by the settings as they come, and make none of them established", async () => {
    const { owner, poolId, code } = await pool();
    const job = await makeJob(services, owner.accountId, { shardCount: 20, visibility: { kind: "pool", pool: poolId } });
    const snapshot = new JobSnapshot(services);
    const devices: DrivenDevice[] = [];
    for (let i = 0; i < 10; i++) devices.push(await placed(snapshot, { address: "198.51.100.77", code }));
    await computeAll(devices, 4);
    expect(await getJob(owner.ctx, { jobId: job.jobId })).toMatchObject({ state: "final", acceptedCount: 20 });
    await runTrust(services);
    const known = await services.db<{ age: number; agreed: number }[]>`
      select age, agreed from device_trust where device_id = any(${devices.map(({ deviceId }) => uuidOf(deviceId))}::uuid[])`;
    expect(known.reduce((sum, { age }) => sum + age, 0)).toBe(40);
    expect(known.every(({ agreed }) => agreed === 0)).toBe(true);
  });

  test("of a public job do not go to two devices that one code let into a pool, wherever these are; another code parts them again", async () => {
    const { poolId, code, owner: admin } = await pool();
    const { code: otherCode } = await createInvite(admin.ctx, { poolId, expiresInDays: 7 });
    const { owner, jobId, snapshot } = await world(4);
    const friends = [await placed(snapshot, { address: "203.0.113.140", code }), await placed(snapshot, { address: "198.18.77.1", code })];
    await computeAll(friends, 4);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ acceptedCount: 0 });
    await computeAll([await placed(snapshot, { address: "192.0.2.9", code: otherCode })], 4);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 4 });
  });

  test("of one account stay one cluster wherever its devices are", async () => {
    const { owner, jobId, snapshot } = await world(4);
    const account = "00000000-0000-7000-8000-0000000000bb";
    await computeAll(
      [await placed(snapshot, { address: "203.0.114.1", voterId: account }), await placed(snapshot, { address: "198.18.0.1", voterId: account })],
      4,
    );
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ acceptedCount: 0 });
  });
});

test("many devices that come from one wide network within a minute are one cluster from the sixth on", async () => {
  const snapshot = new JobSnapshot(services);
  const clusters: string[] = [];
  for (let i = 0; i < 8; i++) {
    const device = await placed(snapshot, { address: `198.19.${i}.1` });
    services.clock.advance(-61_000);
    const [row] = await services.db<{ cluster_id: string }[]>`select cluster_id from device_trust where device_id = ${uuidOf(device.deviceId)}`;
    clusters.push(row?.cluster_id ?? "");
  }
  expect(new Set(clusters.slice(0, 5)).size).toBe(5);
  expect(new Set(clusters.slice(5)).size).toBe(1);
});

test("when clusters become one, it was found out when the last of them was", async () => {
  const snapshot = new JobSnapshot(services);
  const clusterOf = async ({ deviceId }: DrivenDevice): Promise<string> => {
    const [row] = await services.db<{ cluster_id: string }[]>`select cluster_id from device_trust where device_id = ${uuidOf(deviceId)}`;
    return row?.cluster_id ?? "";
  };
  for (const [i, taintedFirst] of [true, false].entries()) {
    const account = `00000000-0000-7000-8000-00000000c00${i}`;
    const here = await placed(snapshot, { address: `203.0.${120 + i}.1` });
    const there = await placed(snapshot, { address: `203.0.${130 + i}.1`, voterId: account });
    const found = await clusterOf(taintedFirst ? here : there);
    const at = services.clock.now();
    await transaction(services.db, async (tx) => await taintClusters(tx, [found], at));
    // One device of the account comes from the other network.
    await placed(snapshot, { address: `203.0.${120 + i}.2`, voterId: account });
    const joined = await clusterOf(here);
    expect(await clusterOf(there)).toBe(joined);
    expect((await listTainted(services.db, [joined])).get(joined)).toBe(at.getTime());
  }
});

test("what is kept of an address cannot be read, and is gone a month after", async () => {
  await placed(new JobSnapshot(services), { address: "203.0.115.44" });
  const rows = await services.db<{ key: string; expires_at: Date }[]>`select key, expires_at from cluster_keys`;
  expect(rows.every((row) => !row.key.includes("203.0"))).toBe(true);
  expect(Math.max(...rows.map((row) => row.expires_at.getTime()))).toBeLessThanOrEqual(services.clock.now().getTime() + 30 * 86_400_000);
});
