import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { sweep } from "../background/sweep.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { endJob } from "../jobs/end-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { getResults } from "../jobs/get-results.ts";
import { raiseBudget } from "../jobs/raise-budget.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getJobMoney } from "../ledger/ledger-store.ts";
import { getStanding } from "../ledger/vesting-store.ts";
import { listNotices } from "../notices/feed.ts";
import { warnLowBudgets } from "../notices/warn-low-budgets.ts";
import { listShards } from "../shards/list-shards.ts";
import { getJobTrust } from "./get-job-trust.ts";
import { runTrust } from "./run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 10_000 };

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const truth = (no: number) => `output of ${no}`;
const lie = (no: number) => `a lie about ${no}`;
type Answer = (no: number) => string;

async function world(shape: Parameters<typeof makeJob>[2] = {}) {
  await services.db`update jobs set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update job_cursors set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update devices set trusted = false`;
  // The liars of the test before are no flood, and its witnesses are gone.
  await services.db`update trust_classes set is_flooded = false, flood_wrong_share = 0`;
  await services.db`update device_trust set agreed = 0`;
  const owner = await makeAccount(services);
  const job = await makeJob(services, owner.accountId, { assurance: "standard", ...shape });
  const snapshot = new JobSnapshot(services);
  const device = async (options?: Parameters<typeof makeDevice>[1]) => new DrivenDevice((await makeDevice(services, options)).ctx, snapshot);
  const trusted = await device({ trusted: true });
  return { ...job, owner, device, trusted };
}

/** Turns of trust, while trusted devices run what they are asked, until nothing moves; then time passes until the window that was open is closed. */
async function settle(trusted: readonly DrivenDevice[], answer: Answer = truth): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const turn = await runTrust(services);
    // Nobody else is there to check, so that the trusted devices do after a while.
    services.clock.advance(501);
    let computed = 0;
    for (const device of trusted) computed += await device.compute(32, answer);
    quiet = turn.folded + turn.revoked + turn.devices + computed === 0 ? quiet + 1 : 0;
  }
}

async function computeInTurn(devices: readonly DrivenDevice[], turns: number, shards: number): Promise<void> {
  for (let i = 0; i < turns; i++) for (const device of devices) await device.compute(shards, truth);
}

async function passWindows(trusted: readonly DrivenDevice[], count: number, answer: Answer = truth): Promise<void> {
  for (let i = 0; i < count; i++) {
    services.clock.advance(HOLD.windowMsMax + 1);
    await settle(trusted, answer);
  }
}

describe("a held job of honest devices", () => {
  test("is computed with one execution and some checks, final when its windows have closed, and only then earned", async () => {
    const { jobId, owner, device, trusted } = await world({ shardCount: 60, priceMicro: 1000n, feeBps: 0 });
    const a = await device();
    for (let i = 0; i < 3; i++) await a.compute(20, truth);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "computed", acceptedCount: 60, finalCount: 0 });
    await settle([trusted]);
    const trust = await getJobTrust(owner.ctx, { jobId });
    expect(trust).toMatchObject({ assurance: "standard", shards: { provisional: 60, final: 0, revoked: 0 }, disagreements: 0, refuted: 0, changed: [] });
    expect(trust.checks.drawn).toBeGreaterThan(0);
    expect(trust.executions.actual).toBeGreaterThanOrEqual(1);
    expect(await vestedOf(a)).toBe(0n);
    expect(await pendingOf(a)).toBe(60_000n);
    const { shards } = await listShards(owner.ctx, { jobId, after: -1, limit: 200 });
    expect(new Set(shards.map((shard) => shard.state))).toEqual(new Set(["provisional"]));

    await passWindows([trusted], 5);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 60, finalCount: 60 });
    expect(await vestedOf(a)).toBe(60_000n);
    expect(await pendingOf(a)).toBe(0n);
    expect((await listShards(owner.ctx, { jobId, after: -1, limit: 200, state: "final" })).shards).toHaveLength(60);
    await sweep(services);
    expect((await getJobMoney(services.db, jobId)).heldMicro).toBe(0n);
  });
});

test("a check whose device falls out of standing before it answers is asked for again, and the job becomes final", async () => {
  const { jobId, owner, device, trusted } = await world({ shardCount: 200 });
  const a = await device();
  for (let i = 0; i < 10; i++) await a.compute(20, truth);
  const checker = await device();
  const stand = async (agreed: number) =>
    await services.db`insert into device_trust (device_id, cluster_id, agreed, touched_at) values (${uuidOf(checker.deviceId)}, gen_random_uuid(), ${agreed}, ${services.clock.now()})
      on conflict (device_id) do update set agreed = excluded.agreed`;
  await stand(25);
  await runTrust(services);
  let checks = 0;
  for (let i = 0; i < 20; i++) checks += await checker.compute(64, truth);
  expect(checks).toBeGreaterThan(0);
  await stand(0);
  await settle([trusted]);
  await passWindows([trusted], 8);
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 200 });
});

test("checks that the budget does not cover are told to the owner, once, and go on when it is raised", async () => {
  const { jobId, owner, device, trusted } = await world({ shardCount: 40, budgetMicro: 40n * 1050n });
  await (await device()).compute(40, truth);
  await passWindows([trusted], 3);
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "computed", finalCount: 0 });
  expect([await warnLowBudgets(services), await warnLowBudgets(services)]).toEqual([1, 0]);
  expect((await listNotices(owner.ctx, { limit: 10 })).notices.map(({ kind }) => kind)).toEqual(["budget_low"]);
  await raiseBudget(owner.ctx, { jobId, reservedMicro: String(120n * 1050n) });
  await passWindows([trusted], 5);
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 40 });
});

describe("a device that lies", () => {
  test("is found out: its results are taken back, computed again and paid to nobody, and the owner sees what changed after a download", async () => {
    const { jobId, owner, device, trusted } = await world({ shardCount: 40, priceMicro: 1000n, feeBps: 100 });
    const liar = await device();
    const honest = await device();
    expect(await liar.compute(20, lie)).toBe(20);
    expect(await honest.compute(20, truth)).toBe(20);
    const download = await getResults(owner.ctx, { jobId });
    expect(download.headers).toMatchObject({ "x-shoal-shards": "40/40", "x-shoal-final": "0" });
    services.clock.advance(10);
    await settle([trusted]);
    const trust = await getJobTrust(owner.ctx, { jobId });
    expect(trust.refuted).toBe(20);
    expect(trust.changed).toHaveLength(20);
    expect(trust.changed.every((shard) => shard.wasDownloaded && shard.is !== null && shard.is !== shard.was)).toBe(true);
    expect(await outputsOf(jobId)).toEqual(Array.from({ length: 40 }, (_, no) => truth(no)));
    expect(await pendingOf(liar)).toBe(0n);
    expect(await vestedOf(liar)).toBe(0n);
    expect(await pendingOf(honest)).toBe(20_000n);
    await passWindows([trusted], 5);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 40, revokedCount: 20 });
    const { notices } = await listNotices(owner.ctx, { limit: 10 });
    expect(notices.map(({ kind, params }) => [kind, params])).toEqual([
      ["done", {}],
      ["corrected", { shards: 20 }],
    ]);
    expect(await vestedOf(honest)).toBe(20_000n);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("pays for computing its shards again: a budget that its lies used up goes on with what it forfeited", async () => {
    // Every shard once and eight checks.
    const { jobId, device, trusted } = await world({ shardCount: 20, budgetMicro: 28n * 1050n });
    const sleeper = await device();
    await sleeper.compute(20, lie);
    await settle([trusted]);
    const honest = await device();
    for (let round = 0; round < 5; round++) {
      await honest.compute(20, truth);
      await settle([trusted]);
    }
    expect(await outputsOf(jobId)).toEqual(Array.from({ length: 20 }, (_, no) => truth(no)));
    expect(await pendingOf(sleeper)).toBe(0n);
    expect(await vestedOf(sleeper)).toBe(0n);
  });

  test("gets no shards once it was found out twice, is told why, and what it still reports does not count", async () => {
    const { jobId, device, trusted } = await world({ shardCount: 400, priceMicro: 10n });
    const liar = await device();
    const held = (await liar.exchange({ shards: 4 })).grants as [GrantView];
    for (let i = 0; i < 12; i++) {
      await liar.compute(30, lie);
      await settle([trusted]);
    }
    const answer = await liar.exchange({ shards: 5, reports: [reportOf(held[0], lie)] });
    expect(answer).toMatchObject({ grants: [], reason: "results_wrong", acks: [{ state: "late" }] });
    const wrong =
      await services.db`select 1 from shards where job_id = ${uuidOf(jobId)} and verdict = 'accepted' and convert_from(output, 'utf8') like 'a lie%'`;
    expect(wrong).toHaveLength(0);
  });
});

describe("a critical job", () => {
  test("takes witnesses with a history alone, two of them for each shard, and is checked and final like the others", async () => {
    const { jobId, owner, device, trusted } = await world({ assurance: "critical", shardCount: 12, priceMicro: 10n });
    const newcomer = await device();
    expect(await newcomer.compute(12, truth)).toBe(0);
    const established = [await device(), await device(), await device()];
    for (const { deviceId } of established) {
      await services.db`
        insert into device_trust (device_id, cluster_id, agreed, age, touched_at) values (${uuidOf(deviceId)}, ${uuidOf(deviceId)}, 25, 300, ${services.clock.now()})`;
    }
    await computeInTurn(established, 3, 12);
    await settle([trusted]);
    expect(await getJobTrust(owner.ctx, { jobId })).toMatchObject({ shards: { provisional: 12 }, executions: { expected: 2.2 } });
    await passWindows([trusted], 6);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 12 });
    expect(await outputsOf(jobId)).toEqual(Array.from({ length: 12 }, (_, no) => truth(no)));
  });
});

describe("reports, turns of trust and a cancellation at the same moment", () => {
  const SHARDS = 60;
  /** Each is drawn for a check with a chance of one half: of so many the lot spares all in one run of a million. */
  const LIES = 20;

  async function crowd() {
    const made = await world({ assurance: "high", shardCount: SHARDS, priceMicro: 10n });
    const devices = await Promise.all(Array.from({ length: 4 }, () => made.device()));
    expect(await devices[0]?.compute(LIES, lie)).toBe(LIES);
    for (let i = 0; i < 6; i++) {
      const turns = devices.map((one, at) => one.compute(4, at === 0 ? lie : truth));
      await Promise.all([...turns, made.trusted.compute(16, truth), runTrust(services), runTrust(services), sweep(services)]);
      services.clock.advance(501);
    }
    return { ...made, devices };
  }

  test.each([1, 2, 3])("lose no money, decide no shard twice, and leave nothing of a liar (%i)", { timeout: 60_000 }, async () => {
    const { jobId, owner, devices, trusted } = await crowd();
    await computeInTurn(devices, 3, 12);
    await passWindows([trusted], 6);
    expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: SHARDS, finalCount: SHARDS });
    expect(await outputsOf(jobId)).toEqual(Array.from({ length: SHARDS }, (_, no) => truth(no)));
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test.each([1, 2, 3])("a cancellation among them keeps the books (%i)", { timeout: 60_000 }, async () => {
    const { jobId, devices } = await crowd();
    await Promise.all([endJob(services, { jobId, state: "cancelled" }), ...devices.map((one) => one.compute(4, truth)), runTrust(services)]);
    expect(await checkLedger(services.db)).toEqual([]);
  });
});

describe("a trusted device that is wrong itself", () => {
  test("is suspended when it contradicts people who do not know each other on several jobs, its words are withdrawn, and no wrong result of it stays", async () => {
    const { jobId, owner, device, trusted } = await world({ shardCount: 60, priceMicro: 10n });
    const second = await makeJob(services, owner.accountId, { assurance: "standard", shardCount: 60, priceMicro: 10n });
    const honest = await Promise.all(Array.from({ length: 5 }, () => device()));
    // So many that the lot falls on enough of them whatever it is.
    await computeInTurn(honest, 5, 5);
    await settle([trusted], lie);
    const [row] = await services.db<
      { suspended: boolean }[]
    >`select suspended_at is not null as suspended from device_trust where device_id = ${uuidOf(trusted.deviceId)}`;
    expect(row?.suspended).toBe(true);
    const stages = await services.db<
      { stage: string }[]
    >`select stage from device_trust where device_id = any(${honest.map((one) => uuidOf(one.deviceId))}::uuid[])`;
    expect(new Set(stages.map(({ stage }) => stage))).toEqual(new Set(["active"]));

    const other = await device({ trusted: true });
    await computeInTurn(honest, 6, 20);
    await passWindows([other], 6);
    const states: string[] = [];
    for (const id of [jobId, second.jobId]) {
      const job = await getJob(owner.ctx, { jobId: id });
      states.push(job.state);
      // Contradicted on one job alone first, it may have stopped that one.
      if (job.state === "failed") expect(job.reason?.code).toBe("job_not_deterministic");
      else expect(await outputsOf(id)).toEqual(Array.from({ length: 60 }, (_, no) => truth(no)));
      const lies = await services.db`select 1 from shards where job_id = ${uuidOf(id)} and verdict = 'accepted' and convert_from(output, 'utf8') like 'a lie%'`;
      expect(lies).toHaveLength(0);
    }
    expect(states).toContain("final");
  });

  test("loses its word with its key: what it alone confirmed is checked by another one", async () => {
    const { jobId, owner, device, trusted } = await world({ shardCount: 40, priceMicro: 10n });
    const accomplice = await device();
    await accomplice.compute(40, lie);
    // Whoever holds the key vouches for the lies.
    await settle([trusted], lie);
    expect((await getJobTrust(owner.ctx, { jobId })).checks.confirmedByTrusted).toBeGreaterThan(0);
    await services.db`update devices set revoked_at = ${services.clock.now()} where id = ${uuidOf(trusted.deviceId)}`;
    const other = await device({ trusted: true });
    await settle([other]);
    await passWindows([other], 6);
    expect(await outputsOf(jobId)).toEqual(Array.from({ length: 40 }, (_, no) => truth(no)));
    expect(await vestedOf(accomplice)).toBe(0n);
  });
});

const pendingOf = async (device: DrivenDevice) => (await getStanding(services.db, device.deviceId)).pendingMicro;
const vestedOf = async (device: DrivenDevice) => (await getStanding(services.db, device.deviceId)).verifiedMicro;

async function outputsOf(jobId: `job_${string}`): Promise<string[]> {
  const rows = await services.db<{ output: Buffer }[]>`select output from shards where job_id = ${uuidOf(jobId)} order by no`;
  return rows.map((row) => row.output.toString());
}
