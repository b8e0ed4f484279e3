import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { RESULTS_NOTICE_MS } from "#lib/domain/job/keeping.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { createJob as createJobEndpoint, rerunFailed as rerunFailedEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { insertArtifact, insertJobArtifacts } from "#lib/server/artifacts/artifact-store.ts";
import { collectArtifacts } from "#lib/server/artifacts/collect/collect-artifacts.ts";
import { createArtifact } from "#lib/server/artifacts/create-artifact.ts";
import { transaction } from "#lib/server/db/transaction.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { listNotices } from "#lib/server/notices/feed.ts";
import { getOutput } from "#lib/server/shards/get-output.ts";
import { listOutputs } from "#lib/server/shards/list-outputs.ts";
import { makeAccount, makeDevice, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { makeSubmission } from "#lib/testing/submission.ts";
import { createJob } from "../create-job.ts";
import { getJob } from "../get-job.ts";
import { getResults } from "../get-results.ts";
import { rerunFailed } from "../rerun/rerun-failed.ts";
import { announceEnds } from "./announce-ends.ts";
import { discardResults } from "./discard-results.ts";
import { letResultsGo } from "./let-results-go.ts";

const DAY_MS = 86_400_000;
const KEPT_BYTES = 100_000;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({
    resultsMs: 60 * DAY_MS,
    jobFilesMs: 30 * DAY_MS,
    quotas: { uploadDayBytesMax: 10 * KEPT_BYTES, keptBytesMax: KEPT_BYTES, openJobsMax: 100 },
  });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");
const textOf = (no: number) => `output of ${no}\n`;
const kindsOf = async (owner: WalletOwner) => (await listNotices(owner, { limit: 100 })).notices.map(({ kind, params }) => ({ kind, params }));

/** A job whose shards are all verified; its last one uploaded what it wrote. */
async function closedJob(large = "x".repeat(20_000)) {
  await services.db`update job_cursors set state = 'cancelled' where state = 'running'`;
  const { accountId, ctx } = await makeAccount(services);
  const owner: WalletOwner = { ...ctx, config: services.config };
  const { jobId } = await makeJob(services, accountId, { shardCount: 3, quorum: 1 });
  const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  const [grant] = (await device.exchange({ shards: 3 })).grants as [GrantView];
  const report = reportOf(grant, textOf);
  const sha256 = sha256Of(large);
  await services.blobs.put(
    (async function* () {
      yield new TextEncoder().encode(large);
    })(),
    { bytesMax: large.length },
  );
  await transaction(services.db, async (tx) => {
    await insertArtifact(tx, { sha256, bytes: large.length, at: services.clock.now() });
    await insertJobArtifacts(tx, jobId, [{ sha256, part: "output" }]);
  });
  report.results[2] = { no: 2, outcome: "ok", digest: sha256, outputBytes: large.length, durationMs: 5 };
  await device.exchange({ reports: [report] });
  expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 3 });
  return { owner, jobId, sha256 };
}

async function read(owner: WalletOwner, jobId: JobId): Promise<string> {
  const answer = await getResults(owner, { jobId });
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("results of a job that closed", () => {
  test("are announced a week before they go, cannot be had after, and leave digests, figures and books", async () => {
    const { owner, jobId, sha256 } = await closedJob();
    const closedAt = services.clock.now();
    const endAt = new Date(closedAt.getTime() + 60 * DAY_MS).toISOString();
    expect((await getJob(owner, { jobId })).results).toEqual({ endAt, areGone: false });
    services.clock.advance(53 * DAY_MS);
    expect(await announceEnds(services)).toBe(0);
    services.clock.advance(1);
    expect(await announceEnds(services)).toBe(1);
    expect(await announceEnds(services)).toBe(0);
    expect(await kindsOf(owner)).toContainEqual({ kind: "leaving", params: { endAt: new Date(Date.parse(endAt) + 1).toISOString() } });
    services.clock.advance(RESULTS_NOTICE_MS - 1);
    expect(await collectArtifacts(services)).toMatchObject({ results: 0 });
    expect(await read(owner, jobId)).toBe(textOf(0) + textOf(1) + "x".repeat(20_000));
    const before = await getJob(owner, { jobId });
    services.clock.advance(1);
    // Also before anything was removed: the date counts, not whether somebody came by.
    await expect(read(owner, jobId)).rejects.toMatchObject({ code: "result_gone", status: 410 });
    await expect(getOutput(owner, { jobId, no: 0 })).rejects.toMatchObject({ code: "result_gone" });
    expect(await collectArtifacts(services)).toMatchObject({ results: 1 });
    expect(await collectArtifacts(services)).toMatchObject({ results: 0 });
    expect(await services.blobs.size(sha256)).toBeNull();
    expect(await services.db`select 1 from shards where job_id = ${uuidOf(jobId)} and output is not null`).toHaveLength(0);
    const { outputs } = await listOutputs(owner, { jobId, after: -1, limit: 10 });
    expect(outputs.map(({ output, sha256: digest }) => [output, digest])).toEqual([
      [null, sha256Of(textOf(0))],
      [null, sha256Of(textOf(1))],
      [null, sha256],
    ]);
    const after = await getJob(owner, { jobId });
    expect(after.results.areGone).toBe(true);
    expect({ ...after, results: null }).toEqual({ ...before, results: null });
  });

  test("stay a week after they were announced, however short the time became, and keep the date that was said", async () => {
    const { owner, jobId } = await closedJob();
    const impatient = { ...services, config: { ...services.config, resultsMs: 0 } };
    services.clock.advance(1);
    expect(await announceEnds(impatient)).toBeGreaterThanOrEqual(1);
    services.clock.advance(RESULTS_NOTICE_MS - 1);
    await letResultsGo(impatient);
    expect(await read(owner, jobId)).toContain(textOf(0));
    // A longer time set meanwhile does not bring back what was announced.
    services.clock.advance(1);
    await announceEnds(services);
    await expect(read(owner, jobId)).rejects.toMatchObject({ code: "result_gone" });
    await expect(rerunFailed(owner, { jobId })).rejects.toMatchObject({ code: "conflict" });
    await letResultsGo(services);
  });

  test("go on being removed where the removal ended in the middle, and leave what another job wrote alike", async () => {
    const large = "shared ".repeat(3000);
    const [first, second] = [await closedJob(large), await closedJob(large)];
    await services.db`update jobs set results_end_at = ${services.clock.now()} where id = ${uuidOf(first.jobId)}`;
    await services.db`delete from job_artifacts where job_id = ${uuidOf(first.jobId)} and part = 'output'`;
    expect((await letResultsGo(services)).jobs).toBe(1);
    expect(await services.blobs.size(second.sha256)).not.toBeNull();
    expect(await read(second.owner, second.jobId)).toContain("shared");
  });
});

describe("an owner who needs room", () => {
  test("deletes results of a closed job at once and for good; nobody else may, and of one that moves nothing is deleted", async () => {
    const { owner, jobId, sha256 } = await closedJob("z".repeat(30_000));
    const stranger = (await makeAccount(services)).ctx;
    await expect(discardResults(stranger, { jobId })).rejects.toMatchObject({ code: "not_found" });
    expect(await read(owner, jobId)).toContain(textOf(0));
    await services.db`update jobs set closed_at = null where id = ${uuidOf(jobId)}`;
    await expect(discardResults(owner, { jobId })).rejects.toMatchObject({ code: "conflict" });
    await services.db`update jobs set closed_at = ${services.clock.now()} where id = ${uuidOf(jobId)}`;
    expect((await discardResults(owner, { jobId })).results.areGone).toBe(true);
    await expect(read(owner, jobId)).rejects.toMatchObject({ code: "result_gone" });
    const { results } = await getJob(owner, { jobId });
    services.clock.advance(DAY_MS);
    expect((await discardResults(owner, { jobId })).results).toEqual(results);
    await letResultsGo(services);
    expect(await services.blobs.size(sha256)).toBeNull();
    expect((await kindsOf(owner)).map(({ kind }) => kind)).not.toContain("leaving");
  });
});

describe("results within the quota", () => {
  test("count as kept until they are gone: an account that has no room for more gets no upload and no job", async () => {
    const { owner, jobId } = await closedJob("y".repeat(KEPT_BYTES + 1));
    const chunk = async function* () {
      yield new TextEncoder().encode("more");
    };
    await expect(createArtifact(owner, { part: "input" }, chunk())).rejects.toMatchObject({ code: "kept_full" });
    const poor = { ...owner, config: { ...owner.config, quotas: { ...owner.config.quotas, keptBytesMax: 10 * KEPT_BYTES } } };
    const submission = await makeSubmission(poor);
    await expect(createJob(owner, submission)).rejects.toMatchObject({ code: "kept_full" });
    for (const { refusals } of [createJobEndpoint, rerunFailedEndpoint]) expect(refusals).toContain("kept_full");
    await services.db`update jobs set results_end_at = ${services.clock.now()} where id = ${uuidOf(jobId)}`;
    await letResultsGo(services);
    await createArtifact(owner, { part: "input" }, chunk());
    expect(await createJob(owner, submission)).toMatchObject({ state: "running" });
  });
});
