import { afterAll, beforeAll, expect, test } from "vitest";
import { WINDOW_SHARDS_MAX } from "#lib/domain/network/shoal-window.ts";
import { getNetworkShoal as endpoint } from "#lib/protocol/network/network.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { endJob } from "../jobs/end-job.ts";
import { getNetworkShoal } from "./get-network-shoal.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services, 10_000_000_000n)).ctx;
});
afterAll(async () => await services.close());

async function readFresh() {
  services.clock.advance(2000);
  return endpoint.output.parse(await getNetworkShoal({ ...services, principal: { kind: "anonymous" } }));
}

test("anybody sees how the shards of a running job stand, and of devices only which marks belong together; an ended job stays while none runs", async () => {
  expect(await readFresh()).toEqual({ schools: [] });
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 6 });
  const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  const { grants } = await device.exchange({ shards: 2 });
  const [school] = (await readFresh()).schools;
  expect(school).toMatchObject({ jobId, shardCount: 6, fromNo: 0 });
  expect(school?.runs).toEqual([
    { state: "granted", fromNo: 0, toNo: 2, swimmer: expect.stringMatching(/^[0-9a-f]{4}$/) },
    { state: "waiting", fromNo: 2, toNo: 6 },
  ]);
  expect(JSON.stringify(school)).not.toContain(device.deviceId.slice(-12));
  await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `${no}`)) });
  expect((await readFresh()).schools[0]?.runs[0]).toEqual({ state: "reported", fromNo: 0, toNo: 2 });

  await endJob(services, { jobId, state: "cancelled" });
  expect((await readFresh()).schools.map((one) => one.jobId)).toEqual([jobId]);
  const next = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
  expect((await readFresh()).schools.map((one) => one.jobId)).toEqual([next.jobId]);
  await endJob(services, { jobId: next.jobId, state: "cancelled" });
});

test("of a large job only the part where it is being computed is shown", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 100_000, priceMicro: 1n });
  await services.db`update job_cursors set heads = array[50300, 50000] where job_id = ${jobId.slice(4)}::uuid`;
  const [school] = (await readFresh()).schools;
  expect(school?.fromNo).toBe(50_000 - WINDOW_SHARDS_MAX / 2);
  expect(school?.runs.at(-1)?.toNo).toBe(50_000 + WINDOW_SHARDS_MAX / 2);
});
