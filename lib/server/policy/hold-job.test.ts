import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { assembleModule, u32 } from "#lib/testing/programs/assemble-module.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission, upload } from "#lib/testing/submission.ts";
import { getArtifact } from "../artifacts/get-artifact.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { createJob } from "../jobs/create-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { pauseJob } from "../jobs/pause-job.ts";
import { resumeJob } from "../jobs/resume-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { listActs } from "../operations/list-acts.ts";
import { listInstanceJobs } from "../operations/list-instance-jobs.ts";
import { createPool } from "../pools/create-pool.ts";
import { holdJob } from "./hold-job.ts";
import { removeRule, setRule } from "./policy-rules.ts";
import { decideReview, inspectReview, listReviews } from "./review-jobs.ts";

type Person = Context<AccountPrincipal>;
let services: TestServices;
let operator: Person;

beforeAll(async () => {
  services = await openTestServices();
  const { ctx } = await makeAccount(services);
  operator = { ...ctx, principal: { ...ctx.principal, roles: ["operator"] } };
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const makeOwner = async (): Promise<Person> => (await makeAccount(services, 1_000_000_000n)).ctx;
const submit = async (owner: Person, shape: Record<string, unknown> = {}) =>
  await createJob(owner, await makeSubmission(owner, { price: { replicaMicro: "1000" }, ...shape }));

test("an operator pauses a running job: devices stop at their next exchange, its owner reads why and cannot start it until an operator lets it run", async () => {
  const owner = await makeOwner();
  const job = await submit(owner);
  const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  const { grants } = await device.exchange({ shards: 3 });
  expect(grants).not.toEqual([]);
  await holdJob(operator, { jobId: job.id, reason: "It prints names of people." });
  const held = await getJob(owner, { jobId: job.id });
  expect(held).toMatchObject({ state: "paused", reason: { code: "job_held", params: { reason: "It prints names of people." } } });
  services.clock.advance(2000);
  expect((await new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services)).exchange({ shards: 3 })).grants).toEqual([]);
  await expect(resumeJob(owner, { jobId: job.id })).rejects.toMatchObject({ code: "job_in_review" });
  expect((await pauseJob(owner, { jobId: job.id })).reason?.code).toBe("job_held");
  expect((await listReviews(operator, {})).reviews.map(({ jobId }) => jobId)).toContain(job.id);
  expect((await listInstanceJobs(operator, { limit: 50, search: job.id.slice(0, 20) })).jobs).toMatchObject([{ jobId: job.id, isHeld: true }]);

  await decideReview(operator, { jobId: job.id, decision: "allow", allowProgram: false });
  expect(await getJob(owner, { jobId: job.id })).toMatchObject({ state: "running", reason: null });
  expect((await listActs(operator, { limit: 2 })).acts.map(({ act, subject, by }) => [act, subject, by])).toEqual([
    ["allow_job", job.id, operator.principal.address],
    ["hold_job", job.id, operator.principal.address],
  ]);
  await cancelJob(owner, { jobId: job.id });
  await expect(holdJob(operator, { jobId: job.id, reason: "Too late." })).rejects.toMatchObject({ code: "job_ended" });
});

test("an owner who starts the job in the moment in which it is held never gets it to run", async () => {
  const owner = await makeOwner();
  const { id: jobId } = await submit(owner);
  for (let i = 0; i < 10; i++) {
    await pauseJob(owner, { jobId });
    await Promise.allSettled([resumeJob(owner, { jobId }), holdJob(operator, { jobId, reason: "A look." })]);
    expect((await getJob(owner, { jobId })).state).toBe("paused");
    await decideReview(operator, { jobId, decision: "allow", allowProgram: false });
  }
  await cancelJob(owner, { jobId });
});

test("while a job waits an operator sees what it is and reads its artifacts; before and after, and for others, they do not exist", async () => {
  const owner = await makeOwner();
  const { id: jobId, program } = await submit(owner);
  const read = async (who: Person) => await getArtifact(who, { sha256: program.sha256 }, { range: null });
  await expect(read(operator)).rejects.toMatchObject({ code: "not_found" });
  await holdJob(operator, { jobId, reason: "A look." });
  const seen = await inspectReview(operator, { jobId });
  expect(seen).toMatchObject({ minerSigns: [], submission: { program: { artifact: { sha256: program.sha256 } } } });
  expect((await read(operator)).status).toBe(200);
  await expect(read(await makeOwner())).rejects.toMatchObject({ code: "not_found" });
  await decideReview(operator, { jobId, decision: "deny", allowProgram: false, reason: "No." });
  await expect(read(operator)).rejects.toMatchObject({ code: "not_found" });
});

test("a job for a pool runs at once where public jobs wait", async () => {
  const owner = await makeOwner();
  const strict: Person = { ...owner, config: { ...services.config, programReview: "all" } };
  const { id: pool } = await createPool(owner, { name: "Lab" });
  const job = await submit(strict, { visibility: { kind: "pool", pool } });
  expect(job.state).toBe("running");
  expect((await submit(strict, { topic: "public" })).state).toBe("paused");
});

test("a miner is refused at the door with what gave it away and nothing is kept, unless an operator allowed its digest or the account", async () => {
  const owner = await makeOwner();
  const text = [...new TextEncoder().encode("stratum+tcp://pool.example:3333")];
  const miner = await upload(owner, "program", assembleModule({ data: [[0x00, 0x41, 0x00, 0x0b, u32(text.length), text]] }));
  const submission = await makeSubmission(owner, {
    price: { replicaMicro: "1000" },
    program: { runtime: "wasi", artifact: { sha256: miner.sha256 }, args: [] },
  });
  const mine = async () => await createJob(owner, submission);
  const before = await countRows(services.db);
  await expect(mine()).rejects.toMatchObject({ code: "program_mines", params: { sign: "stratum+tcp" } });
  expect(await countRows(services.db)).toEqual(before);
  for (const subject of [miner.sha256, owner.principal.address ?? "", owner.principal.accountId]) {
    await setRule(operator, { subject, verdict: "allow", reason: "It only reads the protocol." });
    expect((await mine()).state).toBe("running");
    await removeRule(operator, { subject });
  }
  await setRule(operator, { subject: miner.sha256, verdict: "deny", reason: "It mines." });
  await expect(mine()).rejects.toMatchObject({ code: "program_denied" });
  const acts = await services.db<{ count: number }[]>`select count(*)::int as count from operator_acts where subject = ${miner.sha256}`;
  expect(acts).toEqual([{ count: 3 }]);
  expect(await services.db`select 1 from jobs where account_id = ${uuidOf(owner.principal.accountId)} and state = 'running'`).toEqual([]);
});
