import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { ERROR_CODES } from "#lib/protocol/errors.ts";
import { jobView, listJobs as listJobsEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { makeSubmission } from "#lib/testing/submission.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { cancelJob } from "./cancel-job.ts";
import { createJob } from "./create-job.ts";
import { endJob } from "./end-job.ts";
import { getJob } from "./get-job.ts";
import { listJobs } from "./list-jobs.ts";
import { pauseJob } from "./pause-job.ts";
import { resumeJob } from "./resume-job.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let stranger: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services)).ctx;
  stranger = (await makeAccount(services)).ctx;
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const devices = async (count: number) => {
  const snapshot = new JobSnapshot(services);
  return await Promise.all(Array.from({ length: count }, async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
};

/** Two devices take as many shards of the only running job as are wanted, and agree about them. */
async function verify(shards: number): Promise<void> {
  for (const device of await devices(2)) {
    const { grants } = await device.exchange({ shards });
    await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `output ${no}\n`)) });
  }
}

async function endOthers(): Promise<void> {
  const jobs = await services.db<{ id: string }[]>`select id from jobs where state in ('running', 'paused', 'needs_funds')`;
  for (const { id } of jobs) await endJob(services, { jobId: `job_${id.replaceAll("-", "")}`, state: "cancelled" });
}

test("jobs are found by a part of their name or topic, whatever its letters, and nobody else's are", async () => {
  const finder = (await makeAccount(services)).ctx;
  const { jobId } = await makeJob(services, finder.principal.accountId);
  await services.db`update jobs set name = 'Tides of 100% Öland' where id = ${uuidOf(jobId)}`;
  const find = async (ctx: Context, search: string) => (await listJobs(ctx, listJobsEndpoint.input.parse({ search }))).jobs.map((job) => job.id);
  for (const search of ["tides", "100%", "ÖLAND", " tests "]) expect(await find(finder, search)).toEqual([jobId]);
  for (const search of ["%", "t_des", "mountains"]) expect(await find(finder, search)).toEqual(search === "%" ? [jobId] : []);
  expect(await find(stranger, "tides")).toEqual([]);
  await endJob(services, { jobId, state: "cancelled" });
});

describe("reading a job", () => {
  test("200: the view says all that was submitted, its progress and its money", async () => {
    await endOthers();
    const spec = await makeSubmission(owner, { name: "Progress", description: "Counts.", topic: "tests", verification: { quorum: 2, replicasMax: 3 } });
    const { id } = await createJob(owner, spec);
    services.clock.advance(10_000);
    await verify(4);
    const [waiting] = await devices(1);
    await waiting?.exchange({ shards: 2 });
    const view = await getJob(owner, { jobId: id });
    expect(jobView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      name: "Progress",
      description: "Counts.",
      state: "running",
      reason: null,
      shardCount: 10,
      acceptedCount: 4,
      failedCount: 0,
      endedAt: null,
      slicing: "range",
      format: "bytes",
      program: { sha256: spec.program.artifact.sha256, args: ["{shard}"] },
      price: { replicaMicro: "1000", feeBps: 0, asset: "DEMO" },
      money: { reservedMicro: "30000", spentMicro: "8000", returnedMicro: "0" },
      progress: { replicas: 8, wrong: 0, outputBytes: 36, shardsPerSecond: 0.4, secondsLeft: 15, devices: 1 },
    });
  });

  test("200: a job that nobody computed for a minute has no rate and no time left; one that ended neither", async () => {
    await endOthers();
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 4 });
    await verify(2);
    services.clock.advance(61_000);
    expect((await getJob(owner, { jobId })).progress).toMatchObject({ shardsPerSecond: 0, secondsLeft: null });
    await verify(2);
    const view = await getJob(owner, { jobId });
    expect(view).toMatchObject({ state: "final", progress: { shardsPerSecond: 0, secondsLeft: null, devices: 0 } });
    expect(view.endedAt).toBe(services.clock.now().toISOString());
  });

  test("404: for another account it looks exactly like a job that does not exist", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    const missing: JobId = `job_${"0".repeat(32)}`;
    for (const command of [getJob, pauseJob, resumeJob, cancelJob]) {
      const foreign = await command(stranger, { jobId }).catch((error) => error);
      expect(foreign).toMatchObject({ code: "not_found", params: { what: "job" } });
      expect(foreign).toEqual(await command(stranger, { jobId: missing }).catch((error) => error));
    }
    expect((await getJob(owner, { jobId })).state).toBe("running");
  });

  test("401, 403: reading needs an account and jobs:read, changing needs jobs:write", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    const keyOf = (scope: "jobs:read" | "jobs:write") => ({ ...owner, principal: { ...owner.principal, scopes: [scope] } });
    for (const command of [getJob, pauseJob, resumeJob, cancelJob])
      await expect(command({ ...services, principal: { kind: "anonymous" } }, { jobId })).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(getJob(keyOf("jobs:write"), { jobId })).rejects.toMatchObject({ code: "key_scope", params: { scope: "jobs:read" } });
    for (const command of [pauseJob, resumeJob, cancelJob])
      await expect(command(keyOf("jobs:read"), { jobId })).rejects.toMatchObject({ code: "key_scope", params: { scope: "jobs:write" } });
  });
});

describe("listing jobs", () => {
  test("200: pages hold every own job once, newest first, also when jobs are submitted at the same moment or meanwhile", async () => {
    const { accountId, ctx } = await makeAccount(services);
    const made: JobId[] = [];
    for (let i = 0; i < 7; i++) {
      if (i % 3 === 0) services.clock.advance(1000);
      made.push((await makeJob(services, accountId, { shardCount: 1 })).jobId);
    }
    const seen: JobId[] = [];
    let after: string | undefined;
    do {
      const page = await listJobs(ctx, { limit: 3, after });
      expect(listJobsEndpoint.output.parse(page)).toEqual(page);
      seen.push(...page.jobs.map((job) => job.id));
      after = page.next ?? undefined;
      await makeJob(services, accountId, { shardCount: 1 });
    } while (after);
    expect(seen).toEqual(made.toReversed());
  });

  test("200: only jobs in the wanted state, and never those of others", async () => {
    const { accountId, ctx } = await makeAccount(services);
    const [first, second] = [await makeJob(services, accountId), await makeJob(services, accountId)];
    await pauseJob(ctx, { jobId: first.jobId });
    expect((await listJobs(ctx, { limit: 50, state: "paused" })).jobs.map((job) => job.id)).toEqual([first.jobId]);
    expect((await listJobs(ctx, { limit: 50 })).jobs.map((job) => job.id)).toEqual([second.jobId, first.jobId]);
    expect((await listJobs(stranger, { limit: 50, after: first.jobId })).jobs).toEqual([]);
  });

  test("400: a cursor that no page gave", async () => {
    await expect(listJobs(owner, { limit: 50, after: "job_1" })).rejects.toMatchObject({ code: "bad_request", params: { field: "after" } });
  });
});

describe("pausing and resuming", () => {
  test("200: a paused job grants nothing, a resumed one does; repeating either changes nothing", async () => {
    await endOthers();
    const { jobId } = await makeJob(services, owner.principal.accountId);
    const [device] = await devices(1);
    for (let i = 0; i < 2; i++) expect((await pauseJob(owner, { jobId })).state).toBe("paused");
    expect((await device?.exchange({ shards: 2 }))?.grants).toEqual([]);
    for (let i = 0; i < 2; i++) expect((await resumeJob(owner, { jobId })).state).toBe("running");
    expect((await device?.exchange({ shards: 2 }))?.grants).toHaveLength(1);
  });

  test("200: what was being computed when it was paused still counts", async () => {
    await endOthers();
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 2 });
    const pair = await devices(2);
    const taken = [];
    for (const device of pair) taken.push({ device, grants: (await device.exchange({ shards: 2 })).grants });
    await pauseJob(owner, { jobId });
    for (const { device, grants } of taken) await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `${no}`)) });
    expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 2 });
  });

  test("200: a job that waited for funds can be resumed; 409: it cannot be paused", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    await services.db`update jobs set state = 'needs_funds' where id = ${uuidOf(jobId)}`;
    await services.db`update job_cursors set state = 'needs_funds' where job_id = ${uuidOf(jobId)}`;
    await expect(pauseJob(owner, { jobId })).rejects.toMatchObject({ code: "conflict" });
    expect((await resumeJob(owner, { jobId })).state).toBe("running");
    const [cursor] = await services.db`select state from job_cursors where job_id = ${uuidOf(jobId)}`;
    expect(cursor?.state).toBe("running");
  });
});

describe("cancelling", () => {
  test("200: the job ends, says why, and what was not spent is back at once; repeating it changes nothing", async () => {
    await endOthers();
    const { accountId, ctx } = await makeAccount(services);
    const before = await getAccountBalance(services.db, accountId, 0);
    const { jobId } = await makeJob(services, accountId, { shardCount: 10, priceMicro: 1000n, feeBps: 0 });
    await verify(3);
    for (let i = 0; i < 2; i++) {
      expect(await cancelJob(ctx, { jobId })).toMatchObject({
        state: "cancelled",
        reason: { code: "job_cancelled", message: ERROR_CODES.job_cancelled.message },
        acceptedCount: 3,
        money: { reservedMicro: "50000", spentMicro: "6000", returnedMicro: "44000" },
      });
    }
    expect(await getAccountBalance(services.db, accountId, 0)).toEqual({ availableMicro: before.availableMicro - 6000n, escrowMicro: 0n });
  });

  test("409: what has ended is not paused, resumed or cancelled", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    await endJob(services, { jobId, state: "failed", reason: { code: "job_all_failed", params: { shards: 20, outcome: "trap" } } });
    for (const command of [pauseJob, resumeJob, cancelJob])
      await expect(command(owner, { jobId })).rejects.toMatchObject({ code: "job_ended", params: { state: "failed" } });
    expect((await getJob(owner, { jobId })).reason?.message).toBe("All of the first 20 shards failed alike (trap), so the job stopped itself.");
  });
});
