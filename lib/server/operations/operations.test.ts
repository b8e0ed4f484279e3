import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows } from "#lib/testing/submission.ts";
import { countNetwork } from "../background/count-network.ts";
import { DUTY_EVERY_MS } from "../background/duty-rhythm.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { handle } from "../http/handle.ts";
import { resumeInstance, stopInstance } from "../policy/instance-stop.ts";
import { noteDuty } from "./duty-store.ts";
import { getInstanceFigures } from "./get-instance-figures.ts";
import { getStatus } from "./get-status.ts";
import { endIncident, postIncident } from "./incidents.ts";
import { listActs } from "./list-acts.ts";
import { listInstanceJobs } from "./list-instance-jobs.ts";

let services: TestServices;
let operator: Context<AccountPrincipal>;
let stranger: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  stranger = (await makeAccount(services)).ctx;
  const { ctx } = await makeAccount(services);
  operator = { ...ctx, principal: { ...ctx.principal, roles: ["operator"] } };
});
afterAll(() => services.close());

/** How the instance is, read anew. */
async function status() {
  services.clock.advance(5001);
  return await getStatus({ ...services, principal: { kind: "anonymous" } });
}
async function runAllDuties(error: string | null = null): Promise<void> {
  for (const name of Object.keys(DUTY_EVERY_MS)) await noteDuty(services.db, { name, endedAt: services.clock.now(), durationMs: 12.4, error });
}

test("everybody reads whether background work is done; what failed last is for operators alone", async () => {
  expect(await status()).toMatchObject({ status: "degraded", parts: expect.arrayContaining([{ part: "background", state: "late", since: null }]) });
  await runAllDuties();
  expect((await status()).status).toBe("up");
  services.clock.advance(200_000);
  expect((await status()).status).toBe("degraded");
  await runAllDuties("deadlock detected");
  const told = await status();
  expect(told.status).toBe("degraded");
  expect(JSON.stringify(told)).not.toContain("deadlock");
  const { duties } = await getInstanceFigures(operator, {});
  expect(duties).toHaveLength(Object.keys(DUTY_EVERY_MS).length);
  expect(duties[0]).toMatchObject({ failures: 1, error: "deadlock detected", durationMs: 12 });
  await runAllDuties();
  expect((await getInstanceFigures(operator, {})).duties[0]).toMatchObject({ failures: 0, error: null });
});

test("an operator's stop and what operators tell is on the status page, and their reasons for a stop are not", async () => {
  await runAllDuties();
  await stopInstance(operator, { reason: "A secret reason." });
  const stopped = await status();
  expect(stopped).toMatchObject({ status: "stopped", stoppedAt: expect.any(String) });
  expect(JSON.stringify(stopped)).not.toContain("secret");
  await resumeInstance(operator, {});
  const { no } = await postIncident(operator, { kind: "degraded", text: "Results come late today." });
  await runAllDuties();
  expect(await status()).toMatchObject({ status: "degraded", incidents: [{ no, text: "Results come late today.", endedAt: null }] });
  expect(await endIncident(operator, { no })).toEqual({ ended: true });
  expect(await endIncident(operator, { no })).toEqual({ ended: false });
  expect(await status()).toMatchObject({ status: "up", incidents: [{ no, endedAt: expect.any(String) }] });
  services.clock.advance(15 * 86_400_000);
  expect((await status()).incidents).toEqual([]);
  expect((await listActs(operator, { limit: 10 })).acts.map(({ act }) => act)).toEqual(["end_incident", "post_incident", "resume", "stop"]);
});

test("acts come a page at a time, the newest first", async () => {
  const first = await listActs(operator, { limit: 3 });
  expect([first.acts.length, first.next]).toEqual([3, first.acts[2]?.no]);
  const rest = await listActs(operator, { limit: 3, before: first.next ?? 0 });
  expect([rest.acts.map(({ act }) => act), rest.next]).toEqual([["stop"], null]);
});

test("figures count verdicts of the last hour and name the jobs on which results disagree", async () => {
  const { jobId } = await makeJob(services, stranger.principal.accountId, { shardCount: 4 });
  await countNetwork(services);
  const answers = ["same", "same", "other"];
  const snapshot = new JobSnapshot(services);
  for (const answer of answers) {
    const device = new DrivenDevice((await makeDevice(services)).ctx, snapshot);
    const { grants } = await device.exchange({ shards: 4 });
    await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => (no === 0 ? answer : "same"))) });
  }
  services.clock.advance(60_000);
  await countNetwork(services);
  const figures = await getInstanceFigures(operator, {});
  expect(figures.lastHour?.accepted).toBe(4);
  expect(figures.devices.seen).toBeGreaterThanOrEqual(3);
  expect((await listInstanceJobs(operator, { limit: 1 })).jobs[0]).toMatchObject({ jobId, acceptedCount: 4 });
});

test("everybody's jobs come a page at a time, and are found by name, program, owner and id", async () => {
  for (let i = 0; i < 3; i++) await makeJob(services, stranger.principal.accountId);
  const seen: string[] = [];
  for (let after: Awaited<ReturnType<typeof listInstanceJobs>>["next"] | undefined; after !== null; ) {
    const page = await listInstanceJobs(operator, { limit: 2, ...(after ? { after } : {}) });
    seen.push(...page.jobs.map(({ jobId }) => jobId));
    after = page.next;
  }
  expect(seen.length).toBe(4);
  expect(new Set(seen).size).toBe(4);
  const [job] = (await listInstanceJobs(operator, { limit: 1 })).jobs;
  for (const search of [job?.name.toUpperCase(), job?.program.slice(0, 12), job?.owner.slice(0, 10), seen[0]])
    expect((await listInstanceJobs(operator, { limit: 9, search })).jobs.length, search).toBeGreaterThan(0);
  expect((await listInstanceJobs(operator, { limit: 9, search: "nothing like this" })).jobs).toEqual([]);
});

test("a process remembers what it refused by code, and its faults by the reference that people were given", async () => {
  const shape = { method: "GET", path: "/fails", auth: "public", input: z.strictObject({}), output: z.object({}), summary: "Fails." } as const;
  const call = async (error: unknown) =>
    await handle(
      endpoint({ ...shape, name: "fails", refusals: ["not_found"] }),
      () => Promise.reject(error),
      async () => services,
    )(new Request("http://127.0.0.1:3999/fails"));
  await call(new ApiError("not_found", { what: "job" }));
  const { error } = (await (await call(new Error("disk on fire\nwith a stack"))).json()) as { error: { params: { reference: string } } };
  const { process } = await getInstanceFigures(operator, {});
  expect(process.refusals).toEqual(expect.arrayContaining([expect.objectContaining({ code: "not_found" }), expect.objectContaining({ code: "internal" })]));
  expect(process.faults[0]).toMatchObject({ where: "fails", reference: error.params.reference, message: "Error: disk on fire" });
});

test("nobody but an operator reads or tells any of it", async () => {
  const before = await countRows(services.db);
  for (const act of [
    () => getInstanceFigures(stranger, {}),
    () => listActs(stranger, { limit: 1 }),
    () => listInstanceJobs(stranger, { limit: 1 }),
    () => postIncident(stranger, { kind: "down", text: "All is lost." }),
    () => endIncident(stranger, { no: 1 }),
  ])
    await expect(act()).rejects.toMatchObject({ code: "forbidden" });
  expect(await countRows(services.db)).toEqual(before);
});
