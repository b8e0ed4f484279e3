import { afterAll, beforeAll, expect, test } from "vitest";
import { type PoolId, uuidOf } from "#lib/domain/ids.ts";
import { estimateJob as endpoint } from "#lib/protocol/jobs/estimate.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../../context.ts";
import { createPool } from "../../pools/create-pool.ts";
import { createInvite } from "../../pools/invites.ts";
import { joinPool } from "../../pools/join-pool.ts";
import { estimateJob } from "./estimate-job.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services)).ctx;
});
afterAll(async () => await services.close());

const ASKED = { shardCount: 1000, trialMs: [1000, 1100], replicaMicro: "1000" };
const ask = async (change: object = {}) => endpoint.output.parse(await estimateJob(owner, endpoint.input.parse({ ...ASKED, ...change })));

test("without a device there is a cost and no time; with some there is a time, and other jobs make it longer", async () => {
  const alone = await ask();
  expect(alone).toMatchObject({ assurance: "instant", executionsPerShard: 2.1, fleet: { devices: 0, cores: 0, otherJobs: 0 } });
  expect(alone).toMatchObject({ finishSeconds: null, finishUnknown: "no_device" });
  expect(alone.cost).toMatchObject({ expectedMicro: "2100000", worstMicro: "5000000" });
  expect(alone.cpuHours?.median).toBeGreaterThan(0.4);

  for (let i = 0; i < 4; i++) await makeDevice(services);
  // One checks its owner's jobs and computes for nobody, the results of the other were found out to be wrong.
  await makeDevice(services, { checksFor: owner.principal.accountId });
  const burned = uuidOf((await makeDevice(services)).deviceId);
  await services.db`insert into device_trust (device_id, cluster_id, stage, touched_at) values (${burned}, ${burned}, 'burned', ${services.clock.now()})`;
  const some = await ask();
  expect(some.fleet).toEqual({ devices: 4, cores: 8, otherJobs: 0 });
  expect(some.finishUnknown).toBeNull();
  expect(some.finishSeconds?.low).toBeLessThan(some.finishSeconds?.median ?? 0);
  await makeJob(services, owner.principal.accountId, { shardCount: 5 });
  const shared = await ask();
  expect(shared.fleet.otherJobs).toBe(1);
  expect(shared.finishSeconds?.median).toBeGreaterThan(some.finishSeconds?.median ?? Number.POSITIVE_INFINITY);
});

test("without a trial the cost is told and no time; a kernel's time is not reckoned on cores", async () => {
  const untried = await ask({ trialMs: undefined });
  expect(untried).toMatchObject({ cpuHours: null, finishSeconds: null, finishUnknown: "untried", cost: { expectedMicro: "2100000" } });
  expect(await ask({ runtime: "wgsl" })).toMatchObject({ cpuHours: null, finishSeconds: null, finishUnknown: "kernel", cost: { expectedMicro: "2100000" } });
});

/** A pool of the owner's, and a way to have devices in it. */
async function makePool(): Promise<{ pool: PoolId; letIn: (device: Awaited<ReturnType<typeof makeDevice>>) => Promise<unknown> }> {
  const { id: pool } = await createPool(owner, { name: "Lab" });
  const { code } = await createInvite(owner, { poolId: pool, expiresInDays: 7 });
  return { pool, letIn: async ({ ctx }) => await joinPool(ctx, { code }) };
}

test("a pool's job is reckoned on the pool's devices and beside the jobs that they may be given; without one of them there is no time", async () => {
  const { pool, letIn } = await makePool();
  const single = { pool, quorum: 1 };
  const before = await ask();
  expect(await ask(single)).toMatchObject({ fleet: { devices: 0, cores: 0 }, finishSeconds: null, finishUnknown: "no_pool_device" });
  await letIn(await makeDevice(services));
  const other = await makePool();
  await makeJob(services, owner.principal.accountId, { shardCount: 5, visibility: { kind: "pool", pool: other.pool } });
  const first = await ask(single);
  expect(first).toMatchObject({ fleet: { devices: 1, cores: 2, otherJobs: before.fleet.otherJobs }, finishUnknown: null });
  expect(first.finishSeconds?.median).toBeGreaterThan((await ask({ quorum: 1 })).finishSeconds?.median ?? Number.POSITIVE_INFINITY);
  expect((await ask()).fleet).toMatchObject({ devices: before.fleet.devices + 1, otherJobs: before.fleet.otherJobs });

  // What belongs to a member computes for the pool too, and all of it has one vote.
  const linked = [await makeDevice(services), await makeDevice(services)].map(({ deviceId }) => uuidOf(deviceId));
  await services.db`update devices set account_id = ${uuidOf(owner.principal.accountId)} where id = any(${linked}::uuid[])`;
  expect(await ask({ pool, quorum: 2 })).toMatchObject({ fleet: { devices: 3 }, finishUnknown: null });
  expect(await ask({ pool, quorum: 3 })).toMatchObject({ fleet: { devices: 3 }, finishSeconds: null, finishUnknown: "too_few_devices" });
  await makeJob(services, owner.principal.accountId, { shardCount: 5, visibility: { kind: "pool", pool } });
  expect((await ask(single)).fleet.otherJobs).toBe(before.fleet.otherJobs + 1);
});

test("nobody learns of a pool that they are not in: it is refused as one that does not exist", async () => {
  const { pool } = await makePool();
  const stranger = (await makeAccount(services)).ctx;
  for (const asked of [pool, "pol_00000000000000000000000000000000"] as const)
    await expect(estimateJob(stranger, { ...ASKED, pool: asked })).rejects.toMatchObject({ code: "not_found", params: { what: "pool" } });
});

test("devices that have not been seen for ten minutes do not count", async () => {
  services.clock.advance(11 * 60_000);
  expect((await ask()).fleet.devices).toBe(0);
});

test("a quorum of one's own is reckoned from what disagreed so far, a class from what was measured", async () => {
  await services.db`insert into network_samples (at, accepted, failed, replicas, wrong, devices, cores) values (${services.clock.now()}, 80, 0, 200, 40, 0, 0)`;
  expect((await ask({ quorum: 4, replicasMax: 9 })).executionsPerShard).toBe(5);
  expect(await ask({ assurance: "standard" })).toMatchObject({ assurance: "standard", executionsPerShard: 1.1 });
});

test("a stranger, a key without the scope and an input out of bounds are turned away", async () => {
  await expect(estimateJob({ ...services, principal: { kind: "anonymous" } }, ASKED)).rejects.toMatchObject({ code: "unauthenticated" });
  const scoped = { ...owner, principal: { ...owner.principal, scopes: ["artifacts:write" as const] } };
  await expect(estimateJob(scoped, ASKED)).rejects.toMatchObject({ code: "key_scope" });
  for (const bad of [{ shardCount: 0 }, { trialMs: [] }, { trialMs: [-1] }, { replicaMicro: "-1" }, { shardCount: 1e12 }])
    expect(endpoint.input.safeParse({ ...ASKED, ...bad }).success).toBe(false);
});
