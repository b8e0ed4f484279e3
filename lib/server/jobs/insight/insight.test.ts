import { afterAll, beforeAll, expect, test } from "vitest";
import { failureGroups, getSubmission as getSubmissionEndpoint, jobHistory } from "#lib/protocol/jobs/insight.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../../context.ts";
import { JobSnapshot } from "../../exchange/job-snapshot.ts";
import { endJob } from "../end-job.ts";
import { getJobHistory } from "./get-job-history.ts";
import { getSubmission } from "./get-submission.ts";
import { listFailures } from "./list-failures.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let other: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services, 10_000_000_000n)).ctx;
  other = (await makeAccount(services)).ctx;
});
afterAll(async () => await services.close());

/** Two devices compute a job of six: 0 and 1 are well, 2 and 3 exit with 7, 4 traps, 5 exits with 9. */
async function computeJob() {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 6 });
  for (let i = 0; i < 2; i++) {
    const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
    services.clock.advance(30_000);
    const { grants } = await device.exchange({ shards: 6 });
    const results = [
      okResult(0, "a"),
      okResult(1, "b"),
      ...[2, 3].map((no) => ({ no, outcome: "exit_code" as const, exitCode: 7, stderr: `no database in shard ${no}`, durationMs: 40 })),
      { no: 4, outcome: "trap" as const, trap: "unreachable", durationMs: 50 },
      { no: 5, outcome: "exit_code" as const, exitCode: 9, durationMs: 60 },
    ];
    await device.exchange({
      reports: grants.map(({ jobId: of, grantId, fromNo, toNo }) => ({ jobId: of, grantId, results: results.filter(({ no }) => no >= fromNo && no < toNo) })),
    });
  }
  return jobId;
}

test("failed shards that failed alike stand together, with numbers and a log; the history counts every verdict", async () => {
  const jobId = await computeJob();
  const found = failureGroups.parse(await listFailures(owner, { jobId }));
  expect(found.looked).toBe(4);
  expect(found.groups.map(({ exitCode, trap, count, shards, stderr }) => ({ exitCode, trap, count, shards, stderr }))).toEqual([
    { exitCode: 7, trap: null, count: 2, shards: [2, 3], stderr: "no database in shard 2" },
    { exitCode: null, trap: "unreachable", count: 1, shards: [4], stderr: null },
    { exitCode: 9, trap: null, count: 1, shards: [5], stderr: null },
  ]);
  const history = jobHistory.parse(await getJobHistory(owner, { jobId }));
  const minutes = ({ from, to }: { from: string; to: string }) => (Date.parse(to) - Date.parse(from)) / 60_000;
  expect(history.every).toBe(1);
  expect(history.spans.reduce((sum, span) => sum + span.shardsPerMinute * minutes(span), 0)).toBeCloseTo(6, 1);
  expect(history.spans.find(({ medianMs }) => medianMs !== null)).toMatchObject({ slowMs: 60 });
  await endJob(services, { jobId, state: "cancelled" });
});

test("a submission read back is one that could be submitted again", async () => {
  const { jobId, spec } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
  const read = await getSubmission(owner, { jobId });
  expect(getSubmissionEndpoint.output.parse(read)).toMatchObject({ name: spec.name, slicing: spec.slicing, program: { args: spec.program.args } });
  await services.db`update jobs set spec = jsonb_set(spec, '{verification}', '{"assurance":"high","quorum":1,"replicasMax":3}') where id = ${jobId.slice(4)}::uuid`;
  expect(getSubmissionEndpoint.output.parse(await getSubmission(owner, { jobId })).verification).toEqual({ assurance: "high" });
});

test("a job without a verdict has an empty history and no failures", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
  expect(await listFailures(owner, { jobId })).toEqual({ groups: [], looked: 0 });
  expect((await getJobHistory(owner, { jobId })).spans.every(({ shardsPerMinute }) => shardsPerMinute === 0)).toBe(true);
});

test("somebody else's job does not exist, and a key without the scope sees nothing", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId);
  const scoped = { ...owner, principal: { ...owner.principal, scopes: ["artifacts:write" as const] } };
  for (const read of [listFailures, getJobHistory, getSubmission]) {
    await expect(read(other, { jobId })).rejects.toMatchObject({ code: "not_found" });
    await expect(read(scoped, { jobId })).rejects.toMatchObject({ code: "key_scope" });
    await expect(read({ ...services, principal: { kind: "anonymous" } }, { jobId })).rejects.toMatchObject({ code: "unauthenticated" });
  }
});
