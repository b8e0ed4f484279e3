import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import * as endpoints from "#lib/protocol/jobs/jobs.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { handle, handleDownload } from "#lib/server/http/handle.ts";
import { getJob } from "#lib/server/jobs/get-job.ts";
import { getResults } from "#lib/server/jobs/get-results.ts";
import { discardResults } from "#lib/server/jobs/retention/discard-results.ts";
import { makeAccount, makeDevice, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
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

/** A job of the owner's whose two shards are verified, which closed it. */
async function closedJob(): Promise<JobId> {
  await services.db`update job_cursors set state = 'cancelled' where state = 'running'`;
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 2, quorum: 1 });
  const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  const [grant] = (await device.exchange({ shards: 2 })).grants as [GrantView];
  await device.exchange({ reports: [reportOf(grant, (no) => `output of ${no}\n`)] });
  return jobId;
}

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
