import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { setClosed } from "../devices/linking/linked-device-store.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getStanding } from "../ledger/vesting-store.ts";
import { runTrust } from "./run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 10_000 };
const RESERVE = 30;
const PRICE = 1000n;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500, reservePayments: RESERVE });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const truth = (no: number) => `output of ${no}`;
const lie = (no: number) => `a lie about ${no}`;

/** Lets trusted devices check until nothing moves, and then enough time pass that every window is closed. */
async function passWindows(trusted: DrivenDevice): Promise<void> {
  for (let round = 0; round < 5; round++) {
    for (let quiet = 0; quiet < 2; ) {
      const turn = await runTrust(services);
      services.clock.advance(501);
      quiet = turn.folded + turn.revoked + turn.devices + (await trusted.compute(32, truth)) === 0 ? quiet + 1 : 0;
    }
    services.clock.advance(HOLD.windowMsMax + 1);
  }
}

async function world(shardCount: number) {
  const owner = await makeAccount(services);
  const snapshot = new JobSnapshot(services);
  const device = async (options?: Parameters<typeof makeDevice>[1]) => new DrivenDevice((await makeDevice(services, options)).ctx, snapshot);
  const trusted = await device({ trusted: true });
  const nextJob = async () => await makeJob(services, owner.accountId, { assurance: "standard", shardCount, priceMicro: PRICE, feeBps: 0 });
  return { device, trusted, nextJob };
}

const standing = async (device: DrivenDevice) => await getStanding(services.db, device.deviceId);

test("the last payments stay in reserve over all jobs, newer ones push older ones out, and closing releases them after a window", async () => {
  const { device, trusted, nextJob } = await world(20);
  const a = await device();
  await nextJob();
  await a.compute(20, truth);
  await passWindows(trusted);
  expect(await standing(a)).toMatchObject({ paidMicro: 20n * PRICE, pendingMicro: 20n * PRICE, reservedMicro: 20n * PRICE, verifiedMicro: 0n });
  await nextJob();
  await a.compute(20, truth);
  await passWindows(trusted);
  expect(await standing(a)).toMatchObject({ paidMicro: 40n * PRICE, pendingMicro: 30n * PRICE, reservedMicro: 30n * PRICE, verifiedMicro: 10n * PRICE });

  await transaction(services.db, (tx) => setClosed(tx, a.deviceId, services.clock.now()));
  await runTrust(services);
  expect(await standing(a)).toMatchObject({ reservedMicro: 30n * PRICE });
  services.clock.advance(HOLD.windowMsMax + 1);
  await runTrust(services);
  await runTrust(services);
  expect(await standing(a)).toMatchObject({ paidMicro: 40n * PRICE, pendingMicro: 0n, reservedMicro: 0n, verifiedMicro: 40n * PRICE });
  expect(await checkLedger(services.db)).toEqual([]);
});

test("a device that is found out loses its reserve, and one that was closed before cannot run away with it", async () => {
  const { device, trusted, nextJob } = await world(20);
  const sleeper = await device();
  await nextJob();
  await sleeper.compute(20, truth);
  await passWindows(trusted);
  expect(await standing(sleeper)).toMatchObject({ reservedMicro: 20n * PRICE });
  // Of so many lies of a device so young the lottery draws one, all but surely.
  await services.db`update device_trust set age = 0 where device_id = ${uuidOf(sleeper.deviceId)}`;
  for (let i = 0; i < 4; i++) {
    await nextJob();
    await sleeper.compute(20, lie);
  }
  // It closes before anybody looks.
  await transaction(services.db, (tx) => setClosed(tx, sleeper.deviceId, services.clock.now()));
  await passWindows(trusted);
  expect(await standing(sleeper)).toMatchObject({ pendingMicro: 0n, reservedMicro: 0n, verifiedMicro: 0n });
  const [trust] = await services.db<{ strikes: number }[]>`select strikes from device_trust where device_id = ${uuidOf(sleeper.deviceId)}`;
  expect(trust?.strikes).toBe(1);
  expect(await checkLedger(services.db)).toEqual([]);
});
