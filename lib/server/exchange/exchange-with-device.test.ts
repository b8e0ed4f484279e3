import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { ApiError } from "#lib/protocol/errors.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { sweep } from "../background/sweep.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getDeviceEarnings, getJobMoney } from "../ledger/ledger-store.ts";
import { getCounters } from "../shards/shard-store.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ independentWaitMs: 60_000, grantLeaseMs: 45_000 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

async function endAllJobs(): Promise<void> {
  await services.db`update jobs set state = 'cancelled' where state = 'running'`;
  await services.db`update job_cursors set state = 'cancelled'`;
  await services.db`update grants set state = 'stopped' where state = 'open'`;
}

async function world(shape: Parameters<typeof makeJob>[2] = {}) {
  await endAllJobs();
  const owner = await makeAccount(services);
  const job = await makeJob(services, owner.accountId, shape);
  const snapshot = new JobSnapshot(services);
  const device = async (options?: Parameters<typeof makeDevice>[1]) => new DrivenDevice((await makeDevice(services, options)).ctx, snapshot);
  return { ...job, owner, device, a: await device(), b: await device() };
}

const stateOf = async (jobId: `job_${string}`) =>
  (await services.db<{ state: string; reason: unknown; closed_at: Date | null }[]>`select state, reason, closed_at from jobs where id = ${uuidOf(jobId)}`)[0];
const truth = (no: number) => `output of ${no}`;
const rangesOf = (grants: GrantView[]) => grants.map((g) => [g.fromNo, g.toNo]);

describe("a job of two honest devices", () => {
  test("ends final, pays every agreeing replica once, and returns the rest", async () => {
    const { jobId, a, b, owner } = await world({ shardCount: 7, priceMicro: 1000n, feeBps: 500 });
    const first = await a.exchange({ shards: 7 });
    expect(rangesOf(first.grants)).toEqual([[0, 7]]);
    expect(first.manifests.map((m) => m.jobId)).toEqual([jobId]);
    const second = await b.exchange({ shards: 7, knownJobs: [jobId] });
    expect(rangesOf(second.grants)).toEqual([[0, 7]]);
    expect(second.manifests).toEqual([]);
    await a.exchange({ reports: [reportOf(first.grants[0] as GrantView, truth)] });
    const ended = await b.exchange({ reports: [reportOf(second.grants[0] as GrantView, truth)] });
    expect(ended.acks.map((ack) => ack.state)).toEqual(["taken"]);
    expect(await stateOf(jobId)).toMatchObject({ state: "final" });
    expect(await getDeviceEarnings(services.db, a.deviceId)).toBe(7000n);
    expect(await getDeviceEarnings(services.db, b.deviceId)).toBe(7000n);
    expect(await getJobMoney(services.db, jobId)).toMatchObject({ spentMicro: 14_700n, heldMicro: 0n });
    const outputs = await services.db<{ output: Buffer }[]>`select output from shards where job_id = ${uuidOf(jobId)} order by no`;
    expect(outputs.map((row) => row.output.toString())).toEqual(Array.from({ length: 7 }, (_, no) => truth(no)));
    const [left] = await services.db<{ n: number }[]>`select count(*)::int as n from results where job_id = ${uuidOf(jobId)} and output is not null`;
    expect(left?.n).toBe(0);
    const [balance] = await services.db<
      { sum: bigint }[]
    >`select sum(amount_micro)::bigint as sum from account_postings where account_id = ${uuidOf(owner.accountId)} and side = 'available'`;
    expect(balance?.sum).toBe(1_000_000_000n - 14_700n);
  });

  test("replicas of a shard never go to the same device, nor to two devices of one account", async () => {
    const { a, device } = await world({ shardCount: 4 });
    const account = "00000000-0000-7000-8000-0000000000aa";
    const twin1 = await device({ voterId: account });
    const twin2 = await device({ voterId: account });
    expect(rangesOf((await twin1.exchange({ shards: 4 })).grants)).toEqual([[0, 4]]);
    const refused = await twin2.exchange({ shards: 4 });
    expect(refused).toMatchObject({ grants: [], reason: "second_device" });
    expect(rangesOf((await a.exchange({ shards: 4 })).grants)).toEqual([[0, 4]]);
  });

  test("a device that gets an account in the middle of a job does not become a second voter, with a new grant or with the old one", async () => {
    const { jobId } = await world({ shardCount: 4 });
    const snapshot = new JobSnapshot(services);
    const { ctx } = await makeDevice(services);
    const alone = new DrivenDevice(ctx, snapshot);
    const grant = (await alone.exchange({ shards: 4 })).grants[0] as GrantView;
    const linked = new DrivenDevice({ ...ctx, principal: { ...ctx.principal, voterId: "00000000-0000-7000-8000-0000000000bb" } }, snapshot);
    linked.seq = alone.seq;
    expect(await linked.exchange({ shards: 4 })).toMatchObject({ grants: [], reason: "second_device" });
    await linked.exchange({ reports: [reportOf(grant, () => "a lie")] });
    expect(await linked.exchange({ shards: 4 })).toMatchObject({ grants: [], reason: "second_device" });
    alone.seq = linked.seq;
    await alone.exchange({ reports: [reportOf(grant, () => "a lie")] });
    expect(await getCounters(services.db, jobId)).toMatchObject({ accepted: 0 });
    const [votes] = await services.db<{ n: number }[]>`select count(*)::int as n from results where job_id = ${uuidOf(jobId)}`;
    expect(votes?.n).toBe(4);
  });
});

describe("disagreement", () => {
  test("a third device decides, the wrong one is marked and not paid", async () => {
    const { jobId, a, b, device } = await world({ shardCount: 3 });
    const grantA = (await a.exchange({ shards: 3 })).grants[0] as GrantView;
    const grantB = (await b.exchange({ shards: 3 })).grants[0] as GrantView;
    await a.exchange({ reports: [reportOf(grantA, truth)] });
    await b.exchange({ reports: [reportOf(grantB, (no) => (no === 1 ? "a lie" : truth(no)))] });
    expect(await getCounters(services.db, jobId)).toMatchObject({ accepted: 2 });
    const c = await device();
    expect(rangesOf((await a.exchange({ shards: 3 })).grants)).toEqual([]);
    const opinion = (await c.exchange({ shards: 3 })).grants;
    expect(rangesOf(opinion)).toEqual([[1, 2]]);
    await c.exchange({ reports: [reportOf(opinion[0] as GrantView, truth)] });
    expect(await stateOf(jobId)).toMatchObject({ state: "final" });
    expect(await getDeviceEarnings(services.db, a.deviceId)).toBe(3000n);
    expect(await getDeviceEarnings(services.db, b.deviceId)).toBe(2000n);
    expect(await getDeviceEarnings(services.db, c.deviceId)).toBe(1000n);
    const wrong = await services.db<{ device_id: string }[]>`select device_id from results where job_id = ${uuidOf(jobId)} and agreed = 'no'`;
    expect(wrong.map((row) => row.device_id.replaceAll("-", ""))).toEqual([uuidOf(b.deviceId)]);
  });

  test("a shard on which nobody ever agrees fails after replicasMax, with its reason", async () => {
    const { jobId, device } = await world({ shardCount: 1, replicasMax: 3 });
    for (let i = 0; i < 3; i++) {
      const d = await device();
      const [grant] = (await d.exchange({ shards: 1 })).grants;
      await d.exchange({ reports: [reportOf(grant as GrantView, () => `answer ${i}`)] });
    }
    const [shard] = await services.db<{ verdict: string; reason: string }[]>`select verdict, reason from shards where job_id = ${uuidOf(jobId)}`;
    expect(shard).toEqual({ verdict: "failed", reason: "shard_no_agreement" });
    expect(await stateOf(jobId)).toMatchObject({ state: "failed", reason: { code: "job_all_failed" } });
  });
});

describe("failures of the program", () => {
  test("equal exit codes are a verdict and paid; a job of nothing else stops itself and says why", async () => {
    const { jobId, a, b } = await world({ shardCount: 25 });
    for (const d of [a, b]) {
      const [grant] = (await d.exchange({ shards: 25 })).grants as [GrantView];
      const results = Array.from({ length: 20 }, (_, no) => ({ no, outcome: "exit_code" as const, exitCode: 7, stderr: "no such file\0", durationMs: 5 }));
      await d.exchange({ reports: [{ jobId, grantId: grant.grantId, results }] });
    }
    expect(await stateOf(jobId)).toMatchObject({ state: "failed", reason: { code: "job_all_failed", params: { shards: 20, outcome: "exit code 7" } } });
    expect(await getDeviceEarnings(services.db, a.deviceId)).toBe(20_000n);
    const late = await a.exchange({ running: [] });
    expect(late.reason).toBeNull();
  });

  test("timeouts never vote, ask for other devices, and end the shard when nobody gets through", async () => {
    const { jobId, device } = await world({ shardCount: 2 });
    for (let i = 0; i < 3; i++) {
      const d = await device();
      const { grants } = await d.exchange({ shards: 2 });
      for (const grant of grants) {
        const results = Array.from({ length: grant.toNo - grant.fromNo }, (_, k) => grant.fromNo + k).map((no) =>
          no === 0 ? { no, outcome: "timeout" as const, durationMs: 60_000 } : okResult(no, truth(no)),
        );
        await d.exchange({ reports: [{ jobId, grantId: grant.grantId, results }] });
      }
    }
    const shards = await services.db<
      { no: number; verdict: string; reason: string | null; outcome: string }[]
    >`select no, verdict, reason, outcome from shards where job_id = ${uuidOf(jobId)} order by no`;
    expect(shards).toEqual([
      { no: 0, verdict: "failed", reason: "shard_machine_failures", outcome: "timeout" },
      { no: 1, verdict: "accepted", reason: null, outcome: "ok" },
    ]);
    expect(await stateOf(jobId)).toMatchObject({ state: "final" });
  });
});

describe("devices that leave", () => {
  test("abandoned shards go to others at once, the reported part is kept", async () => {
    const { jobId, a, b, device } = await world({ shardCount: 10 });
    const [grant] = (await a.exchange({ shards: 10 })).grants as [GrantView];
    const part = { jobId, grantId: grant.grantId, results: [0, 1, 2].map((no) => okResult(no, truth(no))) };
    await a.exchange({ reports: [part], abandoned: [{ jobId, grantId: grant.grantId }] });
    // The second replicas of everything, then what was handed back; nobody gets a shard twice.
    expect(rangesOf((await b.exchange({ shards: 10 })).grants)).toEqual([
      [3, 10],
      [0, 3],
    ]);
    expect(rangesOf((await (await device()).exchange({ shards: 10 })).grants)).toEqual([[3, 10]]);
    // Its last holder waits a minute for what nobody else took, and never gets back what it reported.
    expect((await a.exchange({ shards: 10 })).grants).toEqual([]);
  });

  test("a silent device's shards run elsewhere after the lease, heartbeats keep them", async () => {
    const { jobId, a, b } = await world({ shardCount: 4 });
    const [grant] = (await a.exchange({ shards: 4 })).grants as [GrantView];
    const ref = { jobId, grantId: grant.grantId };
    for (let i = 0; i < 3; i++) {
      services.clock.advance(40_000);
      expect((await a.exchange({ running: [ref] })).stop).toEqual([]);
      expect((await sweep(services)).expired).toBe(0);
    }
    services.clock.advance(46_000);
    expect((await sweep(services)).expired).toBe(1);
    expect((await a.exchange({ running: [ref] })).stop).toEqual([ref]);
    expect(rangesOf((await b.exchange({ shards: 8 })).grants)).toEqual([[0, 4]]);
  });

  test("a result that comes after its grant was lost still counts, and is paid once", async () => {
    const { jobId, a, b, device } = await world({ shardCount: 2 });
    const [grant] = (await a.exchange({ shards: 2 })).grants as [GrantView];
    services.clock.advance(46_000);
    await sweep(services);
    const [second] = (await b.exchange({ shards: 2 })).grants as [GrantView];
    const third = await (await device()).exchange({ shards: 2 });
    expect((await a.exchange({ reports: [reportOf(grant, truth)] })).acks[0]?.state).toBe("taken");
    await b.exchange({ reports: [reportOf(second, truth)] });
    expect(await stateOf(jobId)).toMatchObject({ state: "final" });
    expect(third.grants.length).toBe(1);
    expect(await getDeviceEarnings(services.db, a.deviceId)).toBe(2000n);
  });

  test("shards that take every device down with them fail after so many losses", async () => {
    const { jobId, device } = await world({ shardCount: 1 });
    for (let i = 0; i < 20 && (await stateOf(jobId))?.state === "running"; i++) {
      await (await device()).exchange({ shards: 1 });
      services.clock.advance(46_000);
      await sweep(services);
    }
    const [shard] = await services.db<{ reason: string }[]>`select reason from shards where job_id = ${uuidOf(jobId)}`;
    expect(shard?.reason).toBe("shard_lost");
    expect((await stateOf(jobId))?.state).toBe("failed");
  });
});

describe("waiting for a second device", () => {
  test("a device alone runs every first replica, then is told what it waits for; after a minute the trusted device steps in", async () => {
    const { jobId, a, device } = await world({ shardCount: 6 });
    const trusted = await device({ trusted: true });
    expect((await trusted.exchange({ shards: 6 })).grants).toEqual([]);
    const [grant] = (await a.exchange({ shards: 6 })).grants as [GrantView];
    expect(await a.exchange({ shards: 6, reports: [reportOf(grant, truth)] })).toMatchObject({ grants: [], reason: "second_device" });
    expect((await trusted.exchange({ shards: 6 })).grants).toEqual([]);
    services.clock.advance(60_000);
    const [second] = (await trusted.exchange({ shards: 6 })).grants as [GrantView];
    await trusted.exchange({ reports: [reportOf(second, truth)] });
    expect(await stateOf(jobId)).toMatchObject({ state: "final" });
  });
});

describe("repetition", () => {
  test("a repeated exchange gets the same grants, takes nothing twice and pays nothing twice", async () => {
    const { jobId, a, b } = await world({ shardCount: 6 });
    const first = await a.exchange({ shards: 3 });
    const again = await a.exchange({ shards: 3, seq: a.seq });
    expect(rangesOf(again.grants)).toEqual(rangesOf(first.grants));
    expect(again.grants[0]?.grantId).toBe(first.grants[0]?.grantId);
    const [grantB] = (await b.exchange({ shards: 3 })).grants as [GrantView];
    const reportA = reportOf(first.grants[0] as GrantView, truth);
    for (let i = 0; i < 3; i++) {
      await a.exchange({ reports: [reportA] });
      await b.exchange({ reports: [reportOf(grantB, truth)] });
    }
    expect(await getDeviceEarnings(services.db, a.deviceId)).toBe(3000n);
    expect(await getCounters(services.db, jobId)).toMatchObject({ accepted: 3, replicas: 6 });
  });

  test("an exchange that died between its transactions is finished by the sweeper", async () => {
    const { jobId, a, b } = await world({ shardCount: 5 });
    const [grantA] = (await a.exchange({ shards: 5 })).grants as [GrantView];
    const [grantB] = (await b.exchange({ shards: 5 })).grants as [GrantView];
    await a.exchange({ reports: [reportOf(grantA, truth)] });
    // What the first transaction commits, and nothing of the second.
    await services.db`insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output, output_bytes, duration_ms, reported_at)
      select r.job_id, r.shard_no, ${uuidOf(b.deviceId)}, ${uuidOf(b.deviceId)}, ${uuidOf(grantB.grantId)}, r.outcome, r.digest, r.output, r.output_bytes, 5, ${services.clock.now()} from results r where job_id = ${uuidOf(jobId)}`;
    await services.db`update grants set reported = 5, untallied_since = ${services.clock.now()} where id = ${uuidOf(grantB.grantId)}`;
    expect((await sweep(services)).tallied).toBe(0);
    services.clock.advance(6000);
    expect((await sweep(services)).tallied).toBe(1);
    expect(await stateOf(jobId)).toMatchObject({ state: "final" });
    expect(await getDeviceEarnings(services.db, b.deviceId)).toBe(5000n);
  });
});

describe("what a device sends is not trusted", () => {
  test("another device's grant is as if it did not exist", async () => {
    const { a, b, jobId } = await world({ shardCount: 3 });
    const [grant] = (await a.exchange({ shards: 3 })).grants as [GrantView];
    const answer = await b.exchange({
      reports: [reportOf(grant, () => "forged")],
      running: [{ jobId, grantId: grant.grantId }],
      abandoned: [{ jobId, grantId: grant.grantId }],
    });
    expect(answer.acks[0]?.state).toBe("unknown");
    expect(answer.stop).toHaveLength(1);
    const [row] = await services.db<
      { state: string; n: number }[]
    >`select state, (select count(*)::int from results where job_id = ${uuidOf(jobId)}) as n from grants where id = ${uuidOf(grant.grantId)}`;
    expect(row).toEqual({ state: "open", n: 0 });
  });

  test("a wrong digest, a number outside the grant, an output too large or missing is refused with its problem", async () => {
    const { a, jobId } = await world({ shardCount: 3 });
    const [grant] = (await a.exchange({ shards: 2 })).grants as [GrantView];
    const results = [
      { ...okResult(0, "x"), digest: "0".repeat(64) },
      okResult(2, "outside"),
      { no: 1, outcome: "ok" as const, digest: "1".repeat(64), outputBytes: 100_000, durationMs: 1 },
    ];
    const [ack] = (await a.exchange({ reports: [{ jobId, grantId: grant.grantId, results }] })).acks;
    expect(ack?.refused?.map((r) => r.problem)).toEqual([
      "the output does not have the digest it claims",
      "this shard is not in the grant",
      "the output was not uploaded",
    ]);
    expect(await services.db`select 1 from results where job_id = ${uuidOf(jobId)}`).toHaveLength(0);
  });

  test("no device can hold more than its share of shards", async () => {
    const { a } = await world({ shardCount: 100_000, priceMicro: 1n });
    let held = 0;
    for (let i = 0; i < 4; i++) held += (await a.exchange({ shards: 1024 })).grants.reduce((sum, g) => sum + g.toNo - g.fromNo, 0);
    expect(held).toBe(2048);
    expect((await a.exchange({ shards: 1 })).reason).toBe("enough_held");
  });

  test("a client of another version is told to reload", async () => {
    const { a } = await world();
    await expect(a.exchange({ version: 2 } as object)).rejects.toMatchObject({ code: "version_unsupported", remedy: "reload" } satisfies Partial<ApiError>);
  });
});

describe("money", () => {
  test("a job never commits more than its budget and says that it needs funds", async () => {
    const { jobId, a, b } = await world({ shardCount: 10, priceMicro: 1000n, feeBps: 0, budgetMicro: 5000n });
    const [grant] = (await a.exchange({ shards: 4 })).grants as [GrantView];
    expect(grant.toNo).toBe(4);
    expect(rangesOf((await b.exchange({ shards: 4 })).grants)).toEqual([[0, 1]]);
    expect((await b.exchange({ shards: 4 })).grants).toEqual([]);
    expect((await stateOf(jobId))?.state).toBe("needs_funds");
  });

  test("cancelling stops grants, refuses late results and returns everything unspent at once", async () => {
    const { jobId, a, b, owner } = await world({ shardCount: 10 });
    const [grant] = (await a.exchange({ shards: 5 })).grants as [GrantView];
    await b.exchange({ shards: 5 });
    await cancelJob(owner.ctx, { jobId });
    const answer = await a.exchange({ reports: [reportOf(grant, truth)], running: [{ jobId, grantId: grant.grantId }], shards: 5 });
    expect(answer).toMatchObject({ acks: [{ state: "late" }], stop: [{ grantId: grant.grantId }], grants: [] });
    expect(await getJobMoney(services.db, jobId)).toMatchObject({ spentMicro: 0n, heldMicro: 0n });
    expect((await stateOf(jobId))?.closed_at).not.toBeNull();
  });

  test("a replica still running when its shard was decided is paid if it agrees, and the job closes after", async () => {
    const { jobId, a, b, device } = await world({ shardCount: 1, quorum: 2 });
    const [grantA] = (await a.exchange({ shards: 1 })).grants as [GrantView];
    services.clock.advance(46_000);
    await sweep(services);
    const [grantB] = (await b.exchange({ shards: 1 })).grants as [GrantView];
    const c = await device();
    const [grantC] = (await c.exchange({ shards: 1 })).grants as [GrantView];
    for (const [d, grant] of [
      [a, grantA],
      [b, grantB],
    ] as const)
      await d.exchange({ reports: [reportOf(grant, truth)] });
    expect(await stateOf(jobId)).toMatchObject({ state: "final", closed_at: null });
    await c.exchange({ reports: [reportOf(grantC, truth)] });
    expect(await getDeviceEarnings(services.db, c.deviceId)).toBe(1000n);
    await sweep(services);
    expect((await stateOf(jobId))?.closed_at).not.toBeNull();
  });
});

describe("a device that serves only what it chose", () => {
  test("gets shards of chosen jobs and topics and of nothing else, and hears how many others wait", async () => {
    const { jobId: physics, owner, device } = await world({ shardCount: 10, topic: "Physics" });
    const { jobId: genomics } = await makeJob(services, owner.accountId, { shardCount: 10, topic: "genomics" });
    const jobsOf = async (shards: number, serves: { jobs: `job_${string}`[]; topics: string[] }) => {
      const { grants } = await (await device()).exchange({ shards, serves });
      return [...new Set(grants.map((grant) => grant.jobId))];
    };
    for (let round = 0; round < 4; round++) expect(await jobsOf(2, { jobs: [], topics: ["physics"] })).toEqual([physics]);
    expect(await jobsOf(2, { jobs: [genomics], topics: [] })).toEqual([genomics]);
    expect((await jobsOf(64, { jobs: [genomics], topics: ["physics"] })).sort()).toEqual([physics, genomics].sort());
    const stranger = await (await device()).exchange({ shards: 64, serves: { jobs: ["job_0190c9b7000070008000000000000000"], topics: ["art"] } });
    expect(stranger).toMatchObject({ grants: [], reason: "not_chosen", jobsNotChosen: 2 });
  });

  test("a chosen kernel without WebGPU is told as such, and a choice is bounded at the door", async () => {
    const { jobId, a } = await world({ shardCount: 4, runtime: "wgsl" });
    const chosen = await a.exchange({ shards: 4, serves: { jobs: [jobId], topics: [] } });
    expect(chosen).toMatchObject({ grants: [], reason: "needs_webgpu", jobsNeedingWebgpu: 1 });
    const tooMany = { jobs: [], topics: Array.from({ length: 17 }, (_, i) => `topic ${i}`) };
    await expect(a.exchange({ shards: 4, serves: tooMany })).rejects.toThrow(/topics/);
  });
});
