import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { DOUBTS_OPEN_MAX } from "#lib/domain/trust/own-check.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { ErrandDevice } from "#lib/testing/errand-device.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { makeSubmission } from "#lib/testing/submission.ts";
import { revokeCheckingDevice } from "../devices/checking/revoke-checking-device.ts";
import { isRevoked } from "../devices/revocations.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { createJob } from "../jobs/create-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getStanding } from "../ledger/vesting-store.ts";
import { getJobTrust } from "../trust/get-job-trust.ts";
import { runTrust } from "../trust/run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 60_000 };

let services: TestServices;
let snapshot: JobSnapshot;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
  snapshot = new JobSnapshot(services);
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const NUMBERS = [15, 77, 8051, 10403, 999_983];
const FACTORS = ["3 5\n", "7 11\n", "83 97\n", "101 103\n", "999983 1\n"];
const right = (no: number) => FACTORS[no] ?? "";
const lie = (no: number) => (no === 2 ? "1 8051\n" : right(no));

/** An owner with a checking device and a job of five shards, and a trusted device of the instance; whatever ran before is over. */
async function world() {
  await services.db`update jobs set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update job_cursors set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update devices set trusted = false`;
  await services.db`update trust_classes set is_flooded = false, flood_wrong_share = 0`;
  const trusted = await openDevice({ trusted: true });
  const owner = await makeAccount(services);
  const own = await ErrandDevice.open(services, { checksFor: owner.accountId });
  const submission = await makeSubmission(owner.ctx, {
    programBytes: await readTestProgram("factor"),
    inputText: NUMBERS.map((number) => `${number}\n`).join(""),
    limits: { timeMsMax: 2000 },
    price: { replicaMicro: "1000" },
    verification: { assurance: "standard" },
  });
  const jobId = (await createJob(owner.ctx, submission)).id;
  return { owner, own, trusted, jobId };
}

async function openDevice(options?: Parameters<typeof makeDevice>[1]): Promise<DrivenDevice> {
  return new DrivenDevice((await makeDevice(services, options)).ctx, snapshot);
}

/** The lottery draws nothing in these tests, so that only what the owner's device says has consequences. */
async function foldUndrawn(): Promise<void> {
  await runTrust(services);
  await services.db`update holds set "check" = 'none' where "check" = 'drawn'`;
  await services.db`update wanted set taken_at = now() where kind in ('check', 'verify') and taken_at is null`;
}

/** Turns of trust while the instance's device computes what it is asked for. */
async function settle(trusted: DrivenDevice): Promise<number> {
  let computed = 0;
  for (let i = 0; i < 3; i++) {
    computed += await trusted.compute(32, right);
    await runTrust(services);
  }
  return computed;
}

const trustOf = async (device: DrivenDevice) =>
  await services.db`select stage, age, agreed, strikes from device_trust where device_id = ${uuidOf(device.deviceId)}`;
const pendingOf = async (device: DrivenDevice) => (await getStanding(services.db, device.deviceId)).pendingMicro;

describe("a device that checks its owner's jobs", () => {
  test("runs every accepted shard once more, is paid nothing and moves nobody's trust; its owner sees what it came to", async () => {
    const { owner, own, trusted, jobId } = await world();
    const device = await openDevice();
    expect(await device.compute(5, right)).toBe(5);
    expect((await getJobTrust(owner.ctx, { jobId })).ownChecks).toBeNull();
    await foldUndrawn();
    const before = await trustOf(device);
    expect(await own.runAll()).toHaveLength(5);
    expect((await own.exchange({ want: 4 })).errands).toEqual([]);
    expect(await settle(trusted)).toBe(0);
    expect((await getJobTrust(owner.ctx, { jobId })).ownChecks).toEqual({ same: 5, other: 0, unclear: 0, asked: 0, takenBack: 0 });
    expect(await trustOf(device)).toEqual(before);
    expect((await getStanding(services.db, own.ctx.principal.deviceId)).paidMicro).toBe(0n);
  });

  test("has a lie looked at by the instance's device, which takes back that shard with its pay and nothing else of its device", async () => {
    const { owner, own, trusted, jobId } = await world();
    const elsewhere = await makeJob(services, (await makeAccount(services)).accountId, { assurance: "standard", shardCount: 3, feeBps: 0 });
    const liar = await openDevice();
    await liar.compute(8, lie);
    await foldUndrawn();
    const before = await trustOf(liar);
    await own.runAll();
    expect(await settle(trusted)).toBe(1);
    expect(await getJobTrust(owner.ctx, { jobId })).toMatchObject({
      ownChecks: { same: 4, other: 1, unclear: 0, asked: 1, takenBack: 1 },
      refuted: 1,
      changed: [{ no: 2, reason: "refuted" }],
    });
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ acceptedCount: 5 });
    expect(await trustOf(liar)).toEqual(before);
    expect(await pendingOf(liar)).toBe(4000n + 3000n);
    expect(await services.db`select 1 from revocations where job_id = ${uuidOf(elsewhere.jobId)}`).toHaveLength(0);
    // What an owner chose is no sample: nothing of it makes windows of others be swept.
    expect(await services.db`select is_asked from refutations where job_id = ${uuidOf(jobId)}`).toEqual([{ is_asked: true }]);
  });
});

describe("an owner who lies about honest results", () => {
  test("changes nothing: the instance's device confirms them, they are paid, and their devices stand as before", async () => {
    const { owner, own, trusted, jobId } = await world();
    const honest = await openDevice();
    await honest.compute(5, right);
    await foldUndrawn();
    const before = await trustOf(honest);
    await contradictAll(own);
    const trust = await getJobTrust(owner.ctx, { jobId });
    expect(trust.ownChecks).toMatchObject({ same: 0, other: 5, asked: 5 });
    expect(await settle(trusted)).toBe(5);
    expect(await getJobTrust(owner.ctx, { jobId })).toMatchObject({ refuted: 0, changed: [], ownChecks: { takenBack: 0 } });
    expect(await trustOf(honest)).toEqual(before);
    expect(await pendingOf(honest)).toBe(5000n);
  });

  test("cannot keep pay from vesting while nobody looks: their doubts delay no window", async () => {
    const { own, jobId, owner } = await world();
    const honest = await openDevice();
    await honest.compute(5, right);
    await foldUndrawn();
    await contradictAll(own);
    for (let i = 0; i < 4; i++) {
      services.clock.advance(HOLD.windowMsMax + 1);
      await runTrust(services);
    }
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 5 });
    expect((await getStanding(services.db, honest.deviceId)).verifiedMicro + (await pendingOf(honest))).toBe(5000n);
    expect(await services.db`select 1 from revocations where job_id = ${uuidOf(jobId)}`).toHaveLength(0);
  });

  test("has no more than a few doubts of a job waiting at once", async () => {
    const { owner, own } = await world();
    const job = await makeJob(services, owner.accountId, { assurance: "standard", shardCount: 60 });
    const honest = await openDevice();
    for (let i = 0; i < 10; i++) await honest.compute(20, (no) => `output of ${no}`);
    await foldUndrawn();
    await contradictAll(own);
    const [row] = await services.db<{ n: number }[]>`
      select count(*)::int as n from wanted where job_id = ${uuidOf(job.jobId)} and kind = 'verify' and lane = 'trusted' and taken_at is null`;
    expect(row?.n).toBe(DOUBTS_OPEN_MAX);
  });
});

describe("what such a device may not do", () => {
  test("it sees no shard of another owner, computes for nobody, and what it says of somebody else's errand changes nothing", async () => {
    const { own, jobId } = await world();
    const stranger = await ErrandDevice.open(services, { checksFor: (await makeAccount(services)).accountId });
    const instance = await ErrandDevice.open(services);
    await (await openDevice()).compute(5, right);
    await foldUndrawn();
    expect((await stranger.exchange({ want: 4 })).errands).toEqual([]);
    const [errand] = (await own.exchange({ want: 1 })).errands;
    if (!errand) throw new Error("no errand");
    await stranger.exchange({ reports: [{ errandId: errand.errandId, outcome: "trap", durationMs: 1 }] });
    expect((await instance.exchange({ want: 4 })).errands).toEqual([]);
    expect(await services.db`select 1 from errands where group_id = ${uuidOf(jobId)} and state = 'done'`).toHaveLength(0);
    expect(await new DrivenDevice(own.ctx, snapshot).exchange({ shards: 5 })).toMatchObject({ grants: [], reason: "checks_only" });
  });

  test("once revoked it is turned away, and what it doubted is asked no more; nobody else can revoke it", async () => {
    const { owner, own, trusted } = await world();
    const honest = await openDevice();
    await honest.compute(5, right);
    await foldUndrawn();
    await contradictAll(own);
    const { deviceId } = own.ctx.principal;
    await expect(revokeCheckingDevice((await makeAccount(services)).ctx, { deviceId })).rejects.toMatchObject({ code: "not_found" });
    await revokeCheckingDevice(owner.ctx, { deviceId });
    services.clock.advance(1001);
    expect(await isRevoked(services, deviceId)).toBe(true);
    await expect(own.exchange({ want: 1 })).rejects.toMatchObject({ code: "forbidden" });
    expect(await settle(trusted)).toBe(0);
  });
});

/** The owner's device says of everything that it came to something else. */
async function contradictAll(own: ErrandDevice): Promise<void> {
  for (;;) {
    const { errands } = await own.exchange({ want: 4 });
    if (errands.length === 0) return;
    await own.exchange({ reports: errands.map(({ errandId }) => ({ errandId, outcome: "trap" as const, durationMs: 1 })) });
  }
}
