import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { ErrandReport } from "#lib/protocol/errands/errands.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { publicJob } from "#lib/protocol/jobs/publication.ts";
import { makeAccount, makeDevice } from "#lib/testing/builders.ts";
import { ErrandDevice } from "#lib/testing/errand-device.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission, upload } from "#lib/testing/submission.ts";
import { sweep } from "../background/sweep.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { createJob } from "../jobs/create-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { getResults } from "../jobs/get-results.ts";
import { getPublicJob, getPublicResult } from "../jobs/publication/get-public-job.ts";
import { publishJob } from "../jobs/publication/publish-job.ts";
import { rerunFailed } from "../jobs/rerun/rerun-failed.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { listNotices } from "../notices/feed.ts";
import { endByPolicy } from "../policy/take-down-job.ts";
import { revokeShards } from "../trust/revoke-shards.ts";

let services: TestServices;
let snapshot: JobSnapshot;
beforeAll(async () => {
  services = await openTestServices();
  snapshot = new JobSnapshot(services);
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const SHARDS = 32;
const truth = (no: number) => `line ${no}\n`;
type Answer = (no: number) => string;

/** What the reducer of `chain.c` writes over these outputs, computed here. */
function chainOf(outputs: readonly string[]): string {
  const bytes = Buffer.from(outputs.join(""));
  let hash = 14695981039346656037n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1099511628211n);
  return `${hash.toString(16).padStart(16, "0")} ${bytes.length}\n`;
}
const span = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

async function world(shape: Record<string, unknown> = {}, program = "chain") {
  await services.db`update jobs set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update job_cursors set state = 'cancelled' where state in ('running', 'computed')`;
  await services.db`update job_reductions set state = 'done'`;
  await services.db`update errands set state = 'dropped' where state in ('open', 'taken')`;
  await services.db`update devices set trusted = false`;
  const trusted = await ErrandDevice.open(services);
  await services.db`update devices set last_seen_at = ${services.clock.now()} where trusted`;
  const owner = await makeAccount(services);
  const artifact = await upload(owner.ctx, "program", await readTestProgram(program as "chain"));
  const submission = await makeSubmission(owner.ctx, {
    slicing: { mode: "range", from: 0, to: SHARDS },
    output: { format: "text" },
    reducer: { kind: "wasi", artifact, args: [], format: "text" },
    verification: { assurance: "instant", quorum: 1, replicasMax: 1 },
    limits: { timeMsMax: 1000 },
    ...shape,
  });
  return { trusted, owner, artifact, submission };
}
type World = Awaited<ReturnType<typeof world>>;

const anybody = () => ({ ...services, principal: { kind: "anonymous" } as const });
const submit = async ({ owner, submission }: World) => (await createJob(owner.ctx, submission)).id;
const openDevice = async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot);

/** A device takes so many shards and reports them. */
async function compute(shards: number, answer: Answer = truth, device?: DrivenDevice): Promise<void> {
  const volunteer = device ?? (await openDevice());
  const { grants } = await volunteer.exchange({ shards });
  await volunteer.exchange({ reports: grants.map((grant: GrantView) => reportOf(grant, answer)) });
}

/** What the sweeper asks for, and all that follows from it. */
async function reduce({ trusted }: Pick<World, "trusted">): Promise<ErrandReport[]> {
  await sweep(services);
  return await trusted.runAll();
}

async function download(
  { owner }: World,
  jobId: JobId,
  input: { as?: "outputs"; only?: "final" } = {},
): Promise<{ text: string; headers: Record<string, string> }> {
  const { body, headers } = await getResults(owner.ctx, { jobId, ...input });
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return { text: Buffer.concat(parts).toString(), headers };
}

const stepsOf = async (jobId: JobId) =>
  (await services.db<{ to_no: number }[]>`select to_no from job_reduction_steps where job_id = ${uuidOf(jobId)} order by to_no`).map(({ to_no }) => to_no);

describe("an owner's reducer", () => {
  test("grows over verified shards, each read once, and its result is what one run over all outputs gives", async () => {
    const given = await world();
    const jobId = await submit(given);
    await expect(download(given, jobId)).rejects.toMatchObject({ code: "result_not_ready" });
    await compute(10);
    await expect(download(given, jobId)).rejects.toMatchObject({ code: "result_not_reduced" });
    expect(await reduce(given)).toHaveLength(1);
    expect(await download(given, jobId)).toMatchObject({ text: chainOf(span(0, 10).map(truth)), headers: { "x-shoal-shards": `10/${SHARDS}` } });
    // One more shard is not worth a run.
    await compute(1);
    expect(await reduce(given)).toHaveLength(0);
    await compute(SHARDS);
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "final", reduction: { state: "going", shards: 10, failure: null } });
    // What is reduced is not read again.
    await services.db`update shards set output = 'x' where job_id = ${uuidOf(jobId)} and no < 10`;
    expect(await reduce(given)).toHaveLength(1);
    const whole = await download(given, jobId);
    expect(whole).toMatchObject({
      text: chainOf(span(0, SHARDS).map(truth)),
      headers: { "x-shoal-shards": `${SHARDS}/${SHARDS}`, "content-type": "text/plain; charset=utf-8" },
    });
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ reducer: "wasi", reduction: { state: "done", format: "text", shards: SHARDS } });
    expect(await reduce(given)).toHaveLength(0);
  });

  test("goes in shard order over what has a verdict, and waits where one is missing", async () => {
    const given = await world();
    const jobId = await submit(given);
    const [first, second] = [await openDevice(), await openDevice()];
    const early = (await first.exchange({ shards: 8 })).grants;
    await compute(8, truth, second);
    expect(await reduce(given)).toHaveLength(0);
    await first.exchange({ reports: early.map((grant) => reportOf(grant, truth)) });
    await reduce(given);
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, 16).map(truth)));
  });

  test("leaves the outputs themselves to be downloaded", async () => {
    const given = await world();
    const jobId = await submit(given);
    await compute(SHARDS);
    await reduce(given);
    expect((await download(given, jobId, { as: "outputs" })).text).toBe(span(0, SHARDS).map(truth).join(""));
  });

  test("reads large outputs from their artifacts, a few in each step", async () => {
    const given = await world({ limits: { timeMsMax: 1000, outputBytesMax: 4 * 1024 * 1024 }, slicing: { mode: "range", from: 0, to: 4 } });
    const jobId = await submit(given);
    const bytes = 3 * 1024 * 1024;
    const large = (no: number) => String(no).repeat(bytes);
    await compute(4, truth);
    for (const no of span(0, 4)) {
      const artifact = await upload(given.owner.ctx, "file", large(no));
      await services.db`update shards set output = null, digest = decode(${artifact.sha256}, 'hex'), output_bytes = ${bytes} where job_id = ${uuidOf(jobId)} and no = ${no}`;
    }
    expect(await reduce(given)).toHaveLength(4);
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, 4).map(large)));
  });
});

describe("a corrected shard", () => {
  const held = async () => {
    const given = await world({ verification: { assurance: "standard" } });
    const jobId = await submit(given);
    const facts = (await snapshot.facts([jobId])).get(jobId);
    if (!facts) throw new Error("the job is there");
    const revoke = async (no: number) => await revokeShards(services, facts, { reason: "refuted", shards: [{ no, round: 0, byDevice: null }] });
    return { given, jobId, revoke };
  };

  test("takes the result back to before it, and the reducer goes on from there", async () => {
    const { given, jobId, revoke } = await held();
    const lie: Answer = (no) => (no === 20 ? "a lie\n" : truth(no));
    for (let i = 0; i < 4; i++) {
      await compute(8, lie);
      await reduce(given);
    }
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, SHARDS).map(lie)));
    expect(await stepsOf(jobId)).toEqual([8, 16, 24, 32]);
    expect(await revoke(20)).toBe(1);
    expect(await stepsOf(jobId)).toEqual([8, 16]);
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "running", reduction: { state: "going", shards: 16 } });
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, 16).map(truth)));
    await compute(1);
    expect(await reduce(given)).toHaveLength(1);
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, SHARDS).map(truth)));
    // Nothing of it is final yet.
    await expect(download(given, jobId, { only: "final" })).rejects.toMatchObject({ code: "result_not_ready" });
  });

  test("makes a step void that runs meanwhile: its report is heard and counts nothing", async () => {
    const { given, jobId, revoke } = await held();
    await compute(SHARDS);
    await sweep(services);
    const { errands } = await given.trusted.exchange({ want: 4 });
    expect(errands).toHaveLength(1);
    await revoke(3);
    const report = { errandId: errands[0]?.errandId ?? "", outcome: "ok" as const, durationMs: 1, output: Buffer.from("of the lie").toString("base64") };
    await given.trusted.exchange({ reports: [report as ErrandReport] });
    expect(await stepsOf(jobId)).toEqual([]);
    await compute(1);
    await reduce(given);
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, SHARDS).map(truth)));
  });

  test("and a step that ends at the same moment leave a result without it, whoever is first", async () => {
    for (let round = 0; round < 6; round++) {
      const { given, jobId, revoke } = await held();
      const lie: Answer = (no) => (no === 3 ? "a lie\n" : truth(no));
      await compute(SHARDS, lie);
      await sweep(services);
      const { errands } = await given.trusted.exchange({ want: 4 });
      const report = { errandId: errands[0]?.errandId ?? "", outcome: "ok" as const, durationMs: 1, output: Buffer.from("of the lie").toString("base64") };
      const delayed = async (delayMs: number, act: () => Promise<unknown>) => {
        await sleep(delayMs);
        await act();
      };
      await Promise.all([
        delayed(round % 2 === 0 ? round : 0, () => revoke(3)),
        delayed(round % 2 === 1 ? round : 0, () => given.trusted.exchange({ reports: [report as ErrandReport] })),
      ]);
      expect(await stepsOf(jobId)).toEqual([]);
      await compute(1);
      await reduce(given);
      expect((await download(given, jobId)).text).toBe(chainOf(span(0, SHARDS).map(truth)));
    }
  });

  test("that failed and is computed again is taken in", async () => {
    const given = await world();
    const jobId = await submit(given);
    const device = await openDevice();
    const { grants } = await device.exchange({ shards: SHARDS });
    const reports = grants.map((grant) => ({
      ...reportOf(grant, truth),
      results: span(grant.fromNo, grant.toNo).map((no) =>
        no === 30 ? { no, outcome: "exit_code" as const, exitCode: 3, durationMs: 1 } : okResult(no, truth(no)),
      ),
    }));
    await device.exchange({ reports });
    await reduce(given);
    const others = span(0, SHARDS).filter((no) => no !== 30);
    expect(await download(given, jobId)).toMatchObject({ text: chainOf(others.map(truth)), headers: { "x-shoal-shards": `31/${SHARDS}` } });
    await rerunFailed(given.owner.ctx, { jobId });
    await compute(1);
    await reduce(given);
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, SHARDS).map(truth)));
  });
});

describe("a reducer that ends badly", () => {
  test.each([
    ["exit code 2", { args: ["exit", "2"] }, { outcome: "exit_code", exitCode: 2 }],
    ["a trap", { args: ["unreachable"] }, { outcome: "trap", trap: "unreachable" }],
  ])("with %s is told to its owner with its log; the job goes on, and the outputs stay", async (_, { args }, failure) => {
    const given = await world({}, "misbehave");
    given.submission.reducer = { kind: "wasi", artifact: given.artifact, args, format: "text" };
    const jobId = await submit(given);
    await compute(8);
    await reduce(given);
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({
      state: "running",
      reduction: { state: "failed", failure: { ...failure, fromNo: 0, toNo: 8 } },
    });
    await expect(download(given, jobId)).rejects.toMatchObject({ code: "reducer_failed", params: { from: 0, to: 7 } });
    expect((await listNotices(given.owner.ctx, { limit: 10 })).notices).toMatchObject([
      { kind: "reducer_failed", job: { id: jobId }, reason: { code: "reducer_failed", params: { from: 0, to: 7 } } },
    ]);
    await publishJob(given.owner.ctx, { jobId });
    // Everybody learns how it ended, but not what it wrote to its log.
    const published = publicJob.parse(await getPublicJob(anybody(), { jobId }));
    expect(published.reduction).toEqual({ shards: 0, failure: { exitCode: null, trap: null, ...failure, fromNo: 0, toNo: 8 } });
    await expect(getPublicResult(anybody(), { jobId })).rejects.toMatchObject({ code: "reducer_failed" });
    await compute(SHARDS);
    // It is not run again and again.
    expect(await reduce(given)).toHaveLength(0);
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "final" });
    expect((await download(given, jobId, { as: "outputs" })).text).toBe(span(0, SHARDS).map(truth).join(""));
  });

  test("by what may be the machine's fault is tried on three machines", async () => {
    const given = await world();
    const jobId = await submit(given);
    await compute(SHARDS);
    await sweep(services);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { errands } = await given.trusted.exchange({ want: 1 });
      expect(errands).toHaveLength(1);
      expect((await getJob(given.owner.ctx, { jobId })).reduction?.state).toBe("going");
      await given.trusted.exchange({
        reports: [{ errandId: errands[0]?.errandId as ErrandReport["errandId"], outcome: "out_of_memory", durationMs: 5, stderr: "no\0 memory" }],
      });
    }
    expect((await getJob(given.owner.ctx, { jobId })).reduction).toMatchObject({
      state: "failed",
      failure: { outcome: "out_of_memory", stderr: "no\uFFFD memory" },
    });
  });
});

describe("a reduction", () => {
  test("goes on where it was after its device, or the instance, dies in the middle of a step", async () => {
    const given = await world();
    const jobId = await submit(given);
    await compute(16);
    await reduce(given);
    await compute(SHARDS);
    await sweep(services);
    expect((await given.trusted.exchange({ want: 4 })).errands).toHaveLength(1);
    // Nobody else gets it while it may still run, and a process that starts anew asks for nothing twice.
    snapshot = new JobSnapshot(services);
    expect(await reduce({ trusted: await ErrandDevice.open(services) })).toHaveLength(0);
    services.clock.advance(10 * 60_000);
    const other = await ErrandDevice.open(services);
    expect(await reduce({ trusted: other })).toHaveLength(1);
    expect((await download(given, jobId)).text).toBe(chainOf(span(0, SHARDS).map(truth)));
  });

  test("says that it waits while there is no trusted device, and a report of another device counts nothing", async () => {
    const given = await world();
    const jobId = await submit(given);
    await compute(SHARDS);
    await sweep(services);
    const { errands } = await given.trusted.exchange({ want: 1 });
    await services.db`update devices set trusted = false`;
    expect((await getJob(given.owner.ctx, { jobId })).reduction).toMatchObject({ state: "waits", shards: 0 });
    const report = { errandId: errands[0]?.errandId as ErrandReport["errandId"], outcome: "ok" as const, durationMs: 1, output: "" };
    await (await ErrandDevice.open(services)).exchange({ reports: [report] });
    expect(await stepsOf(jobId)).toEqual([]);
  });

  test("takes in what there is of a job that its owner cancels, and nothing more of one that an operator takes down", async () => {
    const given = await world();
    const jobId = await submit(given);
    const [first, second] = [await openDevice(), await openDevice()];
    await first.exchange({ shards: 3 });
    await compute(5, truth, second);
    await cancelJob(given.owner.ctx, { jobId });
    await reduce(given);
    expect(await download(given, jobId)).toMatchObject({ text: chainOf(span(3, 8).map(truth)), headers: { "x-shoal-shards": `5/${SHARDS}` } });
    const taken = await world();
    const takenId = await submit(taken);
    await compute(5);
    await endByPolicy(services, { jobId: takenId, reason: "spam" });
    expect(await reduce(taken)).toHaveLength(0);
    expect((await getJob(taken.owner.ctx, { jobId: takenId })).reduction).toMatchObject({ state: "done", shards: 0 });
  });
});

describe("a submission with a reducer", () => {
  test("is refused at its field, and leaves nothing behind", async () => {
    const given = await world();
    const { owner, submission, artifact } = given;
    const before = await countRows(services.db);
    const refused = async (shape: object, problem: object) =>
      await expect(createJob(owner.ctx, { ...submission, ...shape } as never)).rejects.toMatchObject(problem);
    const own = (change: object) => ({ reducer: { kind: "wasi", artifact, args: [], format: "text", ...change } });
    await refused(own({ artifact: { sha256: "f".repeat(64) } }), { code: "artifact_missing", params: { field: "reducer.artifact" } });
    await refused(own({ args: ["{shard}"] }), { code: "arguments_refused", params: { field: "reducer.args.0" } });
    await refused({ files: [{ name: "state", artifact }] }, { code: "bad_request", params: { field: "files.0.name" } });
    await refused({ limits: { ...submission.limits, outputBytesMax: 5 * 2 ** 20 } }, { code: "bad_request", params: { field: "limits.outputBytesMax" } });
    await services.db`update devices set trusted = false`;
    await refused({}, { code: "trusted_device_missing" });
    expect(await countRows(services.db)).toEqual(before);
    const text = await upload(owner.ctx, "file", "no program");
    await services.db`update devices set trusted = true`;
    await refused(own({ artifact: text }), { code: "program_refused" });
  });
});
