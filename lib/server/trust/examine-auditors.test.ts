import { afterAll, beforeAll, expect, test } from "vitest";
import { type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { deleteExpired } from "../background/delete-expired.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { getJob } from "../jobs/get-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { runTrust } from "./run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 10_000 };
const DAY_MS = 24 * 3_600_000;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const truth = (no: number) => `output of ${no}`;

async function settle(trusted: DrivenDevice): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const turn = await runTrust(services);
    services.clock.advance(501);
    const computed = await trusted.compute(64, truth);
    quiet = turn.folded + turn.revoked + turn.devices + computed === 0 ? quiet + 1 : 0;
  }
}

async function passWindows(trusted: DrivenDevice): Promise<void> {
  for (let i = 0; i < 4; i++) {
    services.clock.advance(HOLD.windowMsMax + 1);
    await settle(trusted);
  }
}

const suspendedOf = async (deviceId: DeviceId) =>
  await services.db`select 1 from device_trust where device_id = ${uuidOf(deviceId)} and suspended_at is not null`;

test("fewer attackers than honest devices that it confirmed lately do not make a trusted device look wrong, also when windows are short", async () => {
  const owner = await makeAccount(services);
  const snapshot = new JobSnapshot(services);
  const devices = async (count: number) => {
    return await Promise.all(Array.from({ length: count }, async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
  };
  const trusted = new DrivenDevice((await makeDevice(services, { trusted: true })).ctx, snapshot);
  await makeJob(services, owner.accountId, { assurance: "high", shardCount: 120 });
  for (const device of await devices(8)) expect(await device.compute(15, truth)).toBe(15);
  await settle(trusted);
  await passWindows(trusted);
  expect(await services.db`select 1 from holds`).toHaveLength(0);

  const { jobId } = await makeJob(services, owner.accountId, { assurance: "high", shardCount: 75 });
  const liars = await devices(5);
  for (const [i, liar] of liars.entries()) expect(await liar.compute(15, (no) => `lie ${i} about ${no}`)).toBe(15);
  await settle(trusted);
  await passWindows(trusted);
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 75 });
  expect(await suspendedOf(trusted.deviceId)).toHaveLength(0);

  // Whom it confirmed is known for a day.
  expect((await services.db`select 1 from audited_clusters`).length).toBeGreaterThanOrEqual(8);
  services.clock.advance(DAY_MS);
  await deleteExpired(services);
  expect(await services.db`select 1 from audited_clusters`).toHaveLength(0);
});
