import { afterAll, beforeAll, expect, test } from "vitest";
import { estimateJob as endpoint } from "#lib/protocol/jobs/estimate.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../../context.ts";
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
  expect(alone).toMatchObject({ assurance: "instant", executionsPerShard: 2.1, fleet: { devices: 0, cores: 0, otherJobs: 0 }, finishSeconds: null });
  expect(alone.cost).toMatchObject({ expectedMicro: "2100000", worstMicro: "5000000" });
  expect(alone.cpuHours.median).toBeGreaterThan(0.4);

  for (let i = 0; i < 4; i++) await makeDevice(services);
  await services.db`update devices set last_seen_at = ${services.clock.now()}`;
  const some = await ask();
  expect(some.fleet).toEqual({ devices: 4, cores: 8, otherJobs: 0 });
  expect(some.finishSeconds?.low).toBeLessThan(some.finishSeconds?.median ?? 0);
  await makeJob(services, owner.principal.accountId, { shardCount: 5 });
  const shared = await ask();
  expect(shared.fleet.otherJobs).toBe(1);
  expect(shared.finishSeconds?.median).toBeGreaterThan(some.finishSeconds?.median ?? Number.POSITIVE_INFINITY);
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
