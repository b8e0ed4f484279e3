import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob, type WalletOwner as Person } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission } from "#lib/testing/submission.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { createJob } from "../jobs/create-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { pauseJob } from "../jobs/pause-job.ts";
import { resumeJob } from "../jobs/resume-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { getInstance, resumeInstance, stopInstance } from "./instance-stop.ts";
import { listRules, removeRule, setRule } from "./policy-rules.ts";
import { listReports, reportJob } from "./report-job.ts";
import { decideReview, inspectReview, listReviews } from "./review-jobs.ts";
import { takeDownJob } from "./take-down-job.ts";

let services: TestServices;
let operator: Person;

beforeAll(async () => {
  services = await openTestServices();
  const account = (await makeAccount(services)).ctx;
  operator = { ...account, principal: { ...account.principal, roles: ["operator"] } };
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const makeOwner = async (programReview: "off" | "first-job" | "all" = "off"): Promise<Person> => {
  const { ctx } = await makeAccount(services, 1_000_000_000n);
  return { ...ctx, config: { ...services.config, programReview } };
};
const available = async (person: Person) => (await getAccountBalance(services.db, person.principal.accountId, 0)).availableMicro;
const openDevice = async () => new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
/** Submits a job that reserves money, under its owner's settings. */
const submit = async (owner: Person, shape: Record<string, unknown> = {}) =>
  await createJob(owner, { ...(await makeSubmission(owner, { price: { replicaMicro: "1000" }, ...shape })) });

test("a program that nobody allowed waits, its owner cannot start it, and an operator who lets it run may let its program run from then on", async () => {
  const owner = await makeOwner("all");
  const job = await submit(owner, { topic: "waits" });
  expect(job).toMatchObject({ state: "paused", reason: { code: "job_in_review" } });
  const device = await openDevice();
  expect((await device.exchange({ shards: 5 })).grants).toEqual([]);
  await expect(resumeJob(owner, { jobId: job.id })).rejects.toMatchObject({ code: "job_in_review" });
  expect((await pauseJob(owner, { jobId: job.id })).reason).toMatchObject({ code: "job_in_review" });

  const { reviews } = await listReviews(operator, {});
  expect(reviews.find(({ jobId }) => jobId === job.id)).toMatchObject({
    name: "Count",
    owner: owner.principal.address,
    program: job.program.sha256,
    shardCount: 10,
  });
  expect(reviews.every(({ programBytes }) => programBytes > 0)).toBe(true);
  expect(await inspectReview(operator, { jobId: job.id })).toMatchObject({ args: ["{shard}"], source: null, imports: expect.any(Array) });

  await decideReview(operator, { jobId: job.id, decision: "allow", allowProgram: true });
  expect(await getJob(owner, { jobId: job.id })).toMatchObject({ state: "running", reason: null });
  await expect(decideReview(operator, { jobId: job.id, decision: "deny", allowProgram: false, reason: "Too late." })).rejects.toMatchObject({
    code: "not_found",
  });
  services.clock.advance(2000);
  expect((await device.exchange({ shards: 5 })).grants).not.toEqual([]);
  const next = await submit(owner);
  expect(next.state).toBe("running");
  for (const { id } of [job, next]) await cancelJob(owner, { jobId: id });
  await removeRule(operator, { subject: job.program.sha256 });
});

test("with first-job an account's jobs wait until one was let run; a denied one returns its money and says why", async () => {
  const owner = await makeOwner("first-job");
  const before = await available(owner);
  const [first, second] = [await submit(owner), await submit(owner)];
  expect([first.state, second.state]).toEqual(["paused", "paused"]);
  await decideReview(operator, { jobId: first.id, decision: "deny", allowProgram: false, reason: "It mines coins." });
  expect(await getJob(owner, { jobId: first.id })).toMatchObject({
    state: "cancelled",
    reason: { code: "job_taken_down", params: { reason: "It mines coins." } },
  });
  expect((await submit(owner)).state).toBe("paused");
  await decideReview(operator, { jobId: second.id, decision: "allow", allowProgram: false });
  const later = await submit(owner);
  expect(later.state).toBe("running");
  const { reviews } = await listReviews(operator, {});
  for (const { jobId } of reviews) await cancelJob(owner, { jobId });
  for (const { id } of [second, later]) await cancelJob(owner, { jobId: id });
  expect(await available(owner)).toBe(before);
  expect((await listReviews(operator, {})).reviews).toEqual([]);
});

test("a denied program ends where it runs and is refused at the door with the reason, and so is an account; nothing is left behind", async () => {
  const owner = await makeOwner();
  const job = await submit(owner);
  const subject = job.program.sha256;
  expect(await setRule(operator, { subject, verdict: "deny", reason: "It mines coins." })).toEqual({ takenDown: [job.id] });
  const again = await makeSubmission(owner);
  const rows = await countRows(services.db);
  await expect(createJob(owner, again)).rejects.toMatchObject({ code: "program_denied", params: { reason: "It mines coins." } });
  expect(await countRows(services.db)).toEqual(rows);
  expect(await removeRule(operator, { subject })).toEqual({ removed: true });
  // Addresses are compared without regard to the case of their letters.
  await setRule(operator, { subject: owner.principal.address.toUpperCase().replace("0X", "0x"), verdict: "deny", reason: "It attacked us." });
  await expect(createJob(owner, again)).rejects.toMatchObject({ code: "account_denied" });
  expect((await listRules(operator, {})).rules[0]).toMatchObject({ kind: "account", subject: owner.principal.address, verdict: "deny" });
  await removeRule(operator, { subject: owner.principal.address });
  await cancelJob(owner, { jobId: (await createJob(owner, again)).id });
});

test("a job submitted while its program is being denied is refused or ended, never left running", async () => {
  const owner = await makeOwner();
  const submission = await makeSubmission(owner);
  const subject = submission.program.artifact.sha256;
  for (let round = 0; round < 8; round++) {
    const [made] = await Promise.allSettled([createJob(owner, submission), setRule(operator, { subject, verdict: "deny", reason: "A race." })]);
    if (made.status === "fulfilled") expect((await getJob(owner, { jobId: made.value.id })).state).toBe("cancelled");
    else expect(made.reason).toMatchObject({ code: "program_denied" });
    await removeRule(operator, { subject });
  }
});

test("a takedown stops what runs at the device's next exchange, returns what was not spent, and tells the owner why", async () => {
  const owner = await makeOwner();
  const before = await available(owner);
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 8, priceMicro: 1000n });
  const device = await openDevice();
  const { grants } = await device.exchange({ shards: 4 });
  expect(grants.length).toBeGreaterThan(0);
  await takeDownJob(operator, { jobId, reason: "Somebody's data." });
  const running = grants.map((grant) => ({ jobId, grantId: grant.grantId }));
  const answer = await device.exchange({ shards: 0, running });
  expect(answer.stop).toEqual(running);
  expect(await available(owner)).toBe(before);
  expect((await getJob(owner, { jobId })).reason).toMatchObject({ code: "job_taken_down", params: { reason: "Somebody's data." } });
  await expect(takeDownJob(operator, { jobId, reason: "Once more." })).rejects.toMatchObject({ code: "conflict" });
});

test("an emergency stop takes back everything within an exchange and grants nothing, and what was stopped goes on afterwards without a loss", async () => {
  const owner = await makeOwner();
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 4, quorum: 1 });
  const device = await openDevice();
  const first = await device.exchange({ shards: 4 });
  expect(first.grants.length).toBeGreaterThan(0);
  await Promise.all([stopInstance(operator, { reason: "A leak." }), stopInstance(operator, { reason: "Another." })]);
  expect((await getInstance(operator, {})).stop).not.toBeNull();
  // What other processes hold of the instance is a second old at most.
  services.clock.advance(1100);
  const running = first.grants.map((grant) => ({ jobId, grantId: grant.grantId }));
  const answer = await device.exchange({ shards: 4, running });
  expect(answer).toMatchObject({ stop: running, grants: [], reason: "instance_stopped" });
  await resumeInstance(operator, {});
  services.clock.advance(1100);
  expect((await getInstance(operator, {})).stop).toBeNull();
  const resumed = await (await openDevice()).exchange({ shards: 4 });
  expect(resumed.grants.reduce((sum, { fromNo, toNo }) => sum + toNo - fromNo, 0)).toBe(4);
  const [lost] = await services.db<{ count: number }[]>`select count(*)::int as count from wanted where job_id = ${uuidOf(jobId)} and taken_at is null`;
  expect(lost?.count).toBe(0);
  await cancelJob(owner, { jobId });
});

test("a device, an account and a network report a job once each, and operators read all of them", async () => {
  const owner = await makeOwner();
  const stranger = await makeOwner();
  const { jobId } = await makeJob(services, owner.principal.accountId);
  const { ctx: device } = await makeDevice(services);
  for (const text of ["It looks like a miner.", "Once more."]) await reportJob(device, { jobId, text });
  await reportJob(stranger, { jobId, text: "Names of people." });
  const visitor = (address: string | null): Context => ({ ...services, principal: { kind: "anonymous" }, address });
  for (const address of ["192.0.2.7", "192.0.2.7", "2001:db8::1", "2001:db8::2"]) await reportJob(visitor(address), { jobId, text: `From ${address}.` });
  const { reports } = await listReports(operator, {});
  expect(
    reports
      .filter((report) => report.jobId === jobId)
      .map(({ text }) => text)
      .sort(),
  ).toEqual(["From 192.0.2.7.", "From 2001:db8::1.", "It looks like a miner.", "Names of people."]);
  const [stored] = await services.db`select count(*)::int as count from job_reports where reporter like '%192%' or reporter like '%2001%'`;
  expect(stored).toEqual({ count: 0 });
  await expect(reportJob(visitor(null), { jobId, text: "Hello." })).rejects.toMatchObject({ code: "unauthenticated" });
  await expect(reportJob(stranger, { jobId: `job_${"0".repeat(32)}`, text: "Hello." })).rejects.toMatchObject({ code: "not_found" });
});

test("nobody but an operator decides: not the owner, not a stranger, not a device, not an operator's key without the scope", async () => {
  const owner = await makeOwner();
  const { jobId } = await makeJob(services, owner.principal.accountId);
  const { ctx: device } = await makeDevice(services);
  const weakKey: Person = { ...operator, principal: { ...operator.principal, scopes: ["jobs:write", "devices:manage"] } };
  const stranger = await makeOwner();
  const rows = await countRows(services.db);
  const reason = "Because.";
  for (const [who, code] of [
    [owner, "forbidden"],
    [stranger, "forbidden"],
    [device, "unauthenticated"],
    [weakKey, "key_scope"],
  ] as const) {
    const acts = [
      getInstance(who, {}),
      stopInstance(who, { reason }),
      resumeInstance(who, {}),
      takeDownJob(who, { jobId, reason }),
      listReviews(who, {}),
      inspectReview(who, { jobId }),
      decideReview(who, { jobId, decision: "allow", allowProgram: true }),
      listRules(who, {}),
      setRule(who, { subject: "0".repeat(64), verdict: "deny", reason }),
      removeRule(who, { subject: "0".repeat(64) }),
      listReports(who, {}),
    ];
    for (const act of acts) await expect(act).rejects.toMatchObject({ code });
  }
  expect(await countRows(services.db)).toEqual(rows);
  expect((await getJob(owner, { jobId })).state).toBe("running");
});
