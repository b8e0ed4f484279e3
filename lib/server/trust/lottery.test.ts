import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { DEVICE_TOKEN_TTL_MS } from "../devices/device-token.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { drawLots } from "./draw-lots.ts";
import { listTrustWindows } from "./list-trust-windows.ts";
import { runTrust } from "./run-trust.ts";

const GONE_MS = DEVICE_TOKEN_TTL_MS + 1;
const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 10_000 };

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
});
afterAll(async () => {
  await services.close();
});

async function compute(device: DrivenDevice, shards: number): Promise<GrantView[]> {
  const { grants } = await device.exchange({ shards });
  if (grants.length > 0) await device.exchange({ reports: grants.map((grant) => reportOf(grant, String)) });
  return grants;
}

async function world(shardCount: number) {
  await services.db`update jobs set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update job_cursors set state = 'cancelled'`;
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { assurance: "standard", shardCount });
  const snapshot = new JobSnapshot(services);
  const device = async (options?: Parameters<typeof makeDevice>[1]) => new DrivenDevice((await makeDevice(services, options)).ctx, snapshot);
  return { jobId, device };
}

const windowsOf = async () => (await listTrustWindows({ ...services, principal: { kind: "anonymous" } }, { assurance: "standard" })).windows;

describe("the lottery", () => {
  test("is committed to before, published after, and then anybody draws the same lots", async () => {
    const { jobId, device } = await world(30);
    await compute(await device(), 30);
    await runTrust(services);
    const [open] = await windowsOf();
    expect(open).toMatchObject({ no: 1, secret: null, results: 30 });
    const lots = await services.db<{ no: number; lot: number }[]>`select no, lot from holds where job_id = ${uuidOf(jobId)}`;
    const trusted = await device({ trusted: true });
    for (let i = 0; i < 6; i++) {
      services.clock.advance(HOLD.windowMsMax + 1);
      await runTrust(services);
      await compute(trusted, 30);
    }
    const closed = (await windowsOf()).find((window) => window.no === 1);
    const secret = Buffer.from(closed?.secret ?? "", "hex");
    expect(createHash("sha256").update(secret).digest("hex")).toBe(open?.commitment);
    for (const { no, lot } of lots) expect(drawLots(secret, { jobId, shardNo: no, round: 0 }).check).toBe(lot);
  });

  test("draws for shard and round, so that a revoked shard is drawn anew and asking again changes nothing", () => {
    const secret = Buffer.alloc(32, 7);
    const shard = { jobId: "job_1", shardNo: 5, round: 0 };
    expect(drawLots(secret, shard)).toEqual(drawLots(secret, shard));
    expect(drawLots(secret, shard).check).not.toBe(drawLots(secret, { ...shard, round: 1 }).check);
    expect(drawLots(secret, shard).check).not.toBe(drawLots(Buffer.alloc(32, 8), shard).check);
  });
});

describe("while newcomers flood in", () => {
  test("they repeat shards of others and begin none, and are let in once five of their results were confirmed", async () => {
    const { device } = await world(200);
    const established = [await device(), await device(), await device()];
    for (const { deviceId } of established) {
      await services.db`
        insert into device_trust (device_id, cluster_id, agreed, age, touched_at) values (${uuidOf(deviceId)}, ${uuidOf(deviceId)}, 500, 500, ${services.clock.now()})`;
    }
    await services.db`update trust_classes set is_flooded = true, flood_wrong_share = 0.3 where assurance = 'standard'`;
    const newcomer = await device();
    expect(await compute(newcomer, 8)).toEqual([]);
    for (const one of established) await compute(one, 20);
    await runTrust(services);
    const shadows = await compute(newcomer, 8);
    expect(shadows.length).toBeGreaterThan(0);
    expect(Math.max(...shadows.map((grant) => grant.toNo))).toBeLessThanOrEqual(60);
    await runTrust(services);
    const [known] = await services.db<{ agreed: number }[]>`select agreed from device_trust where device_id = ${uuidOf(newcomer.deviceId)}`;
    expect(known?.agreed).toBeGreaterThanOrEqual(5);
    const [first] = await compute(newcomer, 8);
    expect(first?.fromNo).toBeGreaterThanOrEqual(60);
  });

  test("they begin shards after all where the established devices have left", async () => {
    const { device } = await world(20);
    await services.db`update trust_classes set is_flooded = true, flood_wrong_share = 0.3 where assurance = 'standard'`;
    expect(await compute(await device(), 5)).toEqual([]);
    services.clock.advance(GONE_MS);
    expect(await compute(await device(), 5)).not.toEqual([]);
  });
});
