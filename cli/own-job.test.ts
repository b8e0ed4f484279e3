import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { listFailures as listFailuresEndpoint } from "#lib/protocol/jobs/insight.ts";
import * as endpoints from "#lib/protocol/jobs/jobs.ts";
import * as memberEndpoints from "#lib/protocol/jobs/members.ts";
import * as publicEndpoints from "#lib/protocol/jobs/publication.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { handle, handleDownload } from "#lib/server/http/handle.ts";
import { getJob } from "#lib/server/jobs/get-job.ts";
import { getResults } from "#lib/server/jobs/get-results.ts";
import { listFailures } from "#lib/server/jobs/insight/list-failures.ts";
import { listMembers, removeMember, setMember } from "#lib/server/jobs/members/job-members.ts";
import { getPublication, publishJob, unpublishJob } from "#lib/server/jobs/publication/publish-job.ts";
import { raiseBudget } from "#lib/server/jobs/raise-budget.ts";
import { discardResults } from "#lib/server/jobs/retention/discard-results.ts";
import { type JobShape, makeAccount, makeDevice, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { serveHere } from "#lib/testing/serve-here.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { type Ended, startHere } from "./testing/run-here.ts";

let services: TestServices;
let server: Awaited<ReturnType<typeof serveHere>>;
let owner: WalletOwner;
let key: string;

beforeAll(async () => {
  services = await openTestServices();
  const source = async () => services;
  server = await serveHere(
    {
      "GET /api/v1/jobs/{jobId}": handle(endpoints.getJob, getJob, source),
      "GET /api/v1/jobs/{jobId}/results": handleDownload(endpoints.getResults, getResults, source),
      "POST /api/v1/jobs/{jobId}/discard": handle(endpoints.discardResults, discardResults, source),
      "PUT /api/v1/jobs/{jobId}/budget": handle(endpoints.raiseBudget, raiseBudget, source),
      "GET /api/v1/jobs/{jobId}/failures": handle(listFailuresEndpoint, listFailures, source),
      "PUT /api/v1/jobs/{jobId}/publication": handle(publicEndpoints.publishJob, publishJob, source),
      "DELETE /api/v1/jobs/{jobId}/publication": handle(publicEndpoints.unpublishJob, unpublishJob, source),
      "GET /api/v1/jobs/{jobId}/members": handle(memberEndpoints.listMembers, listMembers, source),
      "PUT /api/v1/jobs/{jobId}/members": handle(memberEndpoints.setMember, setMember, source),
      "DELETE /api/v1/jobs/{jobId}/members": handle(memberEndpoints.removeMember, removeMember, source),
    },
    services,
  );
  ({ ctx: owner } = await makeAccount(services));
  ({ secret: key } = await createKey(owner, { name: "terminal", scopes: ["jobs:read", "jobs:write"] }));
});
afterAll(async () => {
  await server.close();
  await services.close();
});

/** A job of the owner's beside which none runs, for which one device's word is enough. */
async function onlyJob(shape: JobShape): Promise<JobId> {
  await services.db`update job_cursors set state = 'cancelled' where state = 'running'`;
  return (await makeJob(services, owner.principal.accountId, { quorum: 1, ...shape })).jobId;
}

const newDevice = async () => new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));

/** A job of the owner's whose two shards are verified, which closed it. */
async function closedJob(): Promise<JobId> {
  const jobId = await onlyJob({ shardCount: 2 });
  const device = await newDevice();
  const [grant] = (await device.exchange({ shards: 2 })).grants as [GrantView];
  await device.exchange({ reports: [reportOf(grant, (no) => `output of ${no}\n`)] });
  return jobId;
}

/** Runs a command of the owner's to its end. */
const own = async (args: string[], as = key): Promise<Ended> => await startHere([...args, "--server", server.url, "--key", as], { env: {} }).ended;
const refusalOf = async (args: string[], as = key) => JSON.parse((await own([...args, "--json"], as)).err).error.code;
const keyOf = async (ctx: WalletOwner, scopes: KeyScope[]) => (await createKey(ctx, { name: "other", scopes })).secret;

const argsOf = (jobId: string, flags: string[], as: string) => ["results", jobId, ...flags, "--server", server.url, "--key", as];
const shoal = async (jobId: string, flags: string[], { as = key, answer }: { as?: string; answer?: string } = {}): Promise<Ended> =>
  await startHere(argsOf(jobId, flags, as), { env: {}, ...(answer === undefined ? {} : { answer }) }).ended;
const areGone = async (jobId: JobId) => (await getJob(owner, { jobId })).results.areGone;

/** The same as a process, with a pipe for its input. */
async function runProcess(jobId: string, flags: string[], input: string): Promise<Ended> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, "shoal.ts"), ...argsOf(jobId, flags, key)]);
  const ended: Ended = { code: null, out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => (ended.out += chunk));
  child.stderr?.on("data", (chunk: Buffer) => (ended.err += chunk));
  child.stdin?.end(input);
  return await new Promise((resolve) => child.once("close", (code) => resolve({ ...ended, code })));
}

test("results are deleted once who types says yes to the job by its name, and by nothing else that is typed", async () => {
  const jobId = await closedJob();
  for (const answer of ["", "n", "yes please", "1"]) {
    expect(await shoal(jobId, ["--delete"], { answer })).toMatchObject({ code: 1, err: expect.stringContaining("Nothing was deleted.") });
  }
  expect(await shoal(jobId, [])).toMatchObject({ code: 0, out: "output of 0\noutput of 1\n" });
  const { name } = await getJob(owner, { jobId });
  const { code, err } = await shoal(jobId, ["--delete"], { answer: " Yes" });
  expect([code, err]).toEqual([0, expect.stringContaining(`Delete the results of “${name}”, 2 of 2 shards?`)]);
  expect(await shoal(jobId, [])).toMatchObject({ code: 1, out: "", err: expect.stringContaining("The results of this job were deleted") });
});

test("a process whose input is a pipe deletes nothing unless --yes says so, whatever comes through the pipe", async () => {
  const jobId = await closedJob();
  expect(await runProcess(jobId, ["--delete"], "y\ny\n")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("add --yes") });
  expect(await areGone(jobId)).toBe(false);
  const { code, out } = await runProcess(jobId, ["--delete", "--yes", "--json"], "");
  expect([code, JSON.parse(out)]).toMatchObject([0, { id: jobId, results: { areGone: true } }]);
  expect(await runProcess(jobId, ["--delete", "--yes"], "")).toMatchObject({ code: 0, out: "" });
});

test("a job that is not closed, somebody else's, a key that may only read and options that do not fit delete nothing", async () => {
  const jobId = await closedJob();
  const { secret: reader } = await createKey(owner, { name: "reader", scopes: ["jobs:read"] });
  const { secret: stranger } = await createKey((await makeAccount(services)).ctx, { name: "stranger", scopes: ["jobs:read", "jobs:write"] });
  const refused = async (flags: string[], as: string) => JSON.parse((await shoal(jobId, ["--delete", "--json", ...flags], { as })).err).error.code;
  expect(await refused(["--yes"], reader)).toBe("key_scope");
  expect(await refused(["--yes"], stranger)).toBe("not_found");
  for (const flags of [["--delete", "--yes", "--out", "x"], ["--yes"], ["--json"], ["--delete", "--final"]]) {
    expect((await shoal(jobId, flags)).code).toBe(2);
  }
  expect(await areGone(jobId)).toBe(false);
  await services.db`update jobs set closed_at = null where id = ${uuidOf(jobId)}`;
  expect(await refused(["--yes"], key)).toBe("conflict");
});

test("watch draws rate and time left, says what helps a job that waits for funds, and ends once the budget is raised and the shards are computed", async () => {
  const jobId = await onlyJob({ shardCount: 4, priceMicro: 1000n, feeBps: 0, budgetMicro: 2000n });
  const watch = ["watch", jobId, "--server", server.url, "--key", key];
  const [watching, program] = [startHere(watch, { env: {}, isInteractive: true }), startHere([...watch, "--json"], { env: {} })];
  const shown = async (words: string) => await vi.waitFor(() => expect(watching.seen.err).toContain(words), { timeout: 20_000 });
  await shown("0 of 4 shards (0 %) · 0.0 shards/s");
  services.clock.advance(2000);
  expect(await (await newDevice()).compute(4, String)).toBe(2);
  await shown(`\r${"█".repeat(12)}${"░".repeat(12)} Counting: 2 of 4 shards (50 %) · 1.0 shards/s · 2 s left · 0 devices`);
  const device = await newDevice();
  expect(await device.compute(4, String)).toBe(0);
  const advice = `What is reserved, 2000 µ${services.config.asset}, does not cover another shard, so the job waits. Reserve more with “shoal budget ${jobId} --total AMOUNT”`;
  await shown(advice);
  await shown("(50 %) · needs funds");

  const raise = ["budget", jobId, "--total"];
  for (const total of ["", "0", "1.5", "-1", "many"]) expect((await own([...raise, total])).code).toBe(2);
  expect(await own([...raise, "1999"])).toMatchObject({ code: 1, err: expect.stringContaining("must not be below the 2000 that are reserved") });
  expect(await refusalOf([...raise, "9000000000000"])).toBe("funds_short");
  expect(await refusalOf([...raise, "4000"], await keyOf(owner, ["jobs:read"]))).toBe("key_scope");
  expect(await refusalOf([...raise, "4000"], await keyOf((await makeAccount(services)).ctx, ["jobs:write"]))).toBe("not_found");
  const told = await own([...raise, "4000"]);
  expect([told.code, told.out, told.err]).toEqual([0, "", expect.stringContaining(`4000 µ${services.config.asset} are reserved in all`)]);
  expect(JSON.parse((await own([...raise, "4000", "--json"])).out)).toMatchObject({ id: jobId, state: "running", money: { reservedMicro: "4000" } });

  expect(await device.compute(4, String)).toBe(2);
  const { code, err } = await watching.ended;
  expect(code).toBe(0);
  expect(err.endsWith(`\r${"█".repeat(24)} Counting: 4 of 4 shards (100 %) · done\n`)).toBe(true);
  expect(err.split(advice)).toHaveLength(2);
  const paces = (await program.ended).err.trim().split("\n");
  expect(paces.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ state: "needs_funds", reason: expect.stringContaining(advice) }));
  expect(await refusalOf([...raise, "5000"])).toBe("job_ended");
});

test("failures names what failed alike with its log, in which nothing steers the terminal", async () => {
  const jobId = await onlyJob({ shardCount: 3 });
  expect(await own(["failures", jobId])).toMatchObject({ code: 0, out: "", err: "No shard of this job has failed.\n" });
  const device = await newDevice();
  const [{ grantId }] = (await device.exchange({ shards: 3 })).grants as [GrantView];
  const stderr = "\u001b]0;yours\u0007no\tdatabase\r\n\u009b2Jgone\rover\n";
  const failed = [1, 2].map((no) => ({ no, outcome: "exit_code" as const, exitCode: 7, stderr, durationMs: 10 }));
  await device.exchange({ reports: [{ jobId, grantId, results: [okResult(0, "fine"), ...failed] }] });
  const { code, out, err } = await own(["failures", jobId]);
  expect([code, out]).toEqual([0, "2 shards  exit_code 7  no. 1, 2\n    \\x1b]0;yours\\x07no\tdatabase\n    \\x9b2Jgone\\x0dover\n"]);
  expect(err).toContain(`“shoal rerun ${jobId}”`);
  expect(JSON.parse((await own(["failures", jobId, "--json"])).out)).toMatchObject({ looked: 2, groups: [{ count: 2, exitCode: 7, shards: [1, 2], stderr }] });
  expect(await own(["watch", jobId])).toMatchObject({ code: 3, err: expect.stringContaining(`“shoal failures ${jobId}” says how.`) });
});

test("an owner publishes a job and lets people in, takes both back, and who was let in can do neither", async () => {
  const jobId = await closedJob();
  const url = `${server.url}/results/${jobId}`;
  expect(await own(["publish", jobId])).toMatchObject({ code: 0, out: `${url}\n`, err: expect.stringContaining("shoal unpublish") });
  const { publishedAt } = await getPublication(owner, { jobId });
  expect(JSON.parse((await own(["publish", jobId, "--json"])).out)).toEqual({ publishedAt, url });
  expect(JSON.parse((await own(["unpublish", jobId, "--json"])).out)).toEqual({ publishedAt: null, url: null });

  const { ctx: friend } = await makeAccount(services);
  const { address } = friend.principal;
  const theirs = await keyOf(friend, ["jobs:read", "jobs:write"]);
  expect(await own(["members", jobId])).toMatchObject({ code: 0, out: "", err: expect.stringContaining("--let ADDRESS") });
  expect(await own(["watch", jobId], theirs)).toMatchObject({ code: 1 });
  expect(await own(["members", jobId, "--let", address])).toMatchObject({ code: 0, out: expect.stringMatching(`^${address.toLowerCase()}  view    since `) });
  expect(await own(["watch", jobId], theirs)).toMatchObject({ code: 0 });
  expect(JSON.parse((await own(["members", jobId, "--let", address, "--role", "manage", "--json"])).out)).toMatchObject([{ role: "manage" }]);
  for (const args of [
    ["members", jobId],
    ["members", jobId, "--remove", address],
    ["publish", jobId],
    ["budget", jobId, "--total", "9000000"],
  ])
    expect(await refusalOf(args, theirs)).toBe("forbidden");
  expect(await refusalOf(["members", jobId, "--let", "0x1"])).toBe("bad_request");
  for (const flags of [
    ["--let", address, "--remove", address],
    ["--role", "view"],
    ["--let", address, "--role", "own"],
  ])
    expect((await own(["members", jobId, ...flags])).code).toBe(2);
  expect(await own(["members", jobId, "--remove", address])).toMatchObject({ code: 0, out: "" });
  expect(await own(["watch", jobId], theirs)).toMatchObject({ code: 1 });
});
