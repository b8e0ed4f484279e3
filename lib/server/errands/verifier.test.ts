import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice } from "#lib/testing/builders.ts";
import { ErrandDevice } from "#lib/testing/errand-device.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission, upload } from "#lib/testing/submission.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { createJob } from "../jobs/create-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getStanding } from "../ledger/vesting-store.ts";
import { runTrust } from "../trust/run-trust.ts";

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

const NUMBERS = [15, 77, 8051, 10403, 999_983];
const FACTORS = ["3 5\n", "7 11\n", "83 97\n", "101 103\n", "999983 1\n"];
const right = (no: number) => FACTORS[no] ?? "";
/** The first shard alone is wrong, in a way that no other device would find by chance. */
const lie = (no: number) => (no === 0 ? "1 15\n" : right(no));

async function world(verifierArgs: string[] = [], shape: Record<string, unknown> = {}) {
  await services.db`update jobs set state = 'cancelled' where state = 'running'`;
  await services.db`update job_cursors set state = 'cancelled' where state = 'running'`;
  const trusted = await ErrandDevice.open(services);
  await services.db`update devices set last_seen_at = ${services.clock.now()} where trusted`;
  const owner = await makeAccount(services);
  const artifact = await upload(owner.ctx, "program", await readTestProgram("check-factors"));
  const submission = await makeSubmission(owner.ctx, {
    programBytes: await readTestProgram("factor"),
    inputText: NUMBERS.map((number) => `${number}\n`).join(""),
    limits: { timeMsMax: 2000 },
    price: { replicaMicro: "1000" },
    verification: { verifier: { artifact, args: verifierArgs } },
    ...shape,
  });
  return { trusted, owner, submission };
}

const submit = async (given: Awaited<ReturnType<typeof world>>) => (await createJob(given.owner.ctx, given.submission)).id;
const openDevice = async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot);

async function compute(device: DrivenDevice, answer: (no: number) => string, shards = NUMBERS.length): Promise<number[]> {
  const { grants } = await device.exchange({ shards });
  if (grants.length > 0) await device.exchange({ reports: grants.map((grant: GrantView) => reportOf(grant, answer)) });
  return grants.flatMap(({ fromNo, toNo }) => Array.from({ length: toNo - fromNo }, (_, i) => fromNo + i));
}

const trustRows = async () => await services.db`select device_id, stage, age, agreed, strikes from device_trust order by device_id`;

describe("an owner's verifier", () => {
  test("makes one replica enough: what it accepts is final and paid, and nothing is before it has spoken", async () => {
    const given = await world();
    const jobId = await submit(given);
    const device = await openDevice();
    expect(await compute(device, right)).toHaveLength(NUMBERS.length);
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "running", acceptedCount: 0 });
    expect(await given.trusted.runAll()).toHaveLength(NUMBERS.length);
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 5 });
    expect((await getStanding(services.db, device.deviceId)).verifiedMicro).toBe(5000n);
    // The trusted device judged and computed nothing, so nobody pays it.
    expect((await getStanding(services.db, given.trusted.ctx.principal.deviceId)).paidMicro).toBe(0n);
  });

  test("rejects a lie: the shard is computed by somebody else, the liar is paid for what was right, and nobody's trust changes by an owner's program", async () => {
    const given = await world();
    const jobId = await submit(given);
    const [liar, honest] = [await openDevice(), await openDevice()];
    await compute(liar, lie);
    await given.trusted.runAll();
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "running", acceptedCount: 4 });
    expect(await compute(liar, right)).toEqual([]);
    expect(await compute(honest, right)).toEqual([0]);
    await given.trusted.runAll();
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 5 });
    expect((await getStanding(services.db, liar.deviceId)).paidMicro).toBe(4000n);
    expect((await getStanding(services.db, honest.deviceId)).paidMicro).toBe(1000n);
    const before = await trustRows();
    await runTrust(services);
    expect(await trustRows()).toEqual(before);
  });

  test.each([
    [["trap"], "verifier_failed", "trap: unreachable"],
    [["loop"], "verifier_failed", "timeout"],
  ])("that ends by %s stops its job with the reason", async (args, code, outcome) => {
    const given = await world(args, { limits: { timeMsMax: 200 } });
    const jobId = await submit(given);
    await compute(await openDevice(), right);
    await given.trusted.runAll();
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "failed", reason: { code, params: { outcome } } });
    expect((await given.trusted.exchange({ want: 4 })).errands).toEqual([]);
  });

  test("that rejects what three independent devices say, and has accepted nothing, stops its job", async () => {
    const given = await world(["reject"]);
    const jobId = await submit(given);
    for (let i = 0; i < 5; i++) {
      await compute(await openDevice(), right);
      await given.trusted.runAll();
    }
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "failed", reason: { code: "verifier_rejects_all", params: { clusters: 5 } } });
  });

  test("that only lies come for fails its shards with the reason", async () => {
    const given = await world([], { verification: { ...(await world()).submission.verification, replicasMax: 2 } });
    const jobId = await submit(given);
    await compute(await openDevice(), right, 4);
    await given.trusted.runAll();
    for (let i = 0; i < 2; i++) {
      await compute(await openDevice(), (no) => `${no} ${i}\n`);
      await given.trusted.runAll();
    }
    const [shard] = await services.db`select verdict, reason from shards where job_id = ${uuidOf(jobId)} and no = 4`;
    expect(shard).toEqual({ verdict: "failed", reason: "shard_rejected" });
  });
});

describe("errands", () => {
  test("are for trusted devices, and a report counts once, and from who took it", async () => {
    const given = await world();
    const jobId = await submit(given);
    const stranger = await ErrandDevice.open(services, { trusted: false });
    const other = await ErrandDevice.open(services);
    await compute(await openDevice(), lie);
    await expect(stranger.exchange({ want: 4 })).rejects.toMatchObject({ code: "forbidden" });
    const { errands } = await given.trusted.exchange({ want: 16 });
    expect(errands).toHaveLength(NUMBERS.length);
    expect((await other.exchange({ want: 16 })).errands).toEqual([]);
    const accept = errands.map(({ errandId }) => ({ errandId, outcome: "no_output" as const, durationMs: 1 }));
    await expect(stranger.exchange({ reports: accept })).rejects.toMatchObject({ code: "forbidden" });
    await other.exchange({ reports: accept });
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ acceptedCount: 0 });
    const reject = accept.map((report) => ({ ...report, outcome: "exit_code" as const, exitCode: 1 }));
    await given.trusted.exchange({ reports: reject });
    await given.trusted.exchange({ reports: accept });
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ acceptedCount: 0 });
    await services.db`update device_trust set suspended_at = ${services.clock.now()} where device_id = ${uuidOf(other.ctx.principal.deviceId)}`;
  });

  test("of a device that is gone go to another one after their deadline, and a machine's failure is tried again before it counts", async () => {
    const given = await world();
    const jobId = await submit(given);
    const other = await ErrandDevice.open(services);
    await compute(await openDevice(), right);
    expect((await given.trusted.exchange({ want: 16 })).errands).toHaveLength(5);
    services.clock.advance(60_000 + 16 * 2000 + 1);
    const { errands } = await other.exchange({ want: 16 });
    expect(errands).toHaveLength(5);
    await other.exchange({ reports: errands.map(({ errandId }) => ({ errandId, outcome: "crashed" as const, durationMs: 1 })) });
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "running" });
    await other.runAll();
    expect(await getJob(given.owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: 5 });
  });
});

describe("a submission with a verifier", () => {
  const refused = async (shape: Record<string, unknown>, problem: object) => {
    const given = await world();
    const submission = { ...given.submission, ...shape };
    const before = await countRows(services.db);
    await expect(createJob(given.owner.ctx, submission as never)).rejects.toMatchObject(problem);
    expect(await countRows(services.db)).toEqual(before);
  };
  const of = (verifier: object) => ({ verification: { verifier } });

  test("is refused where the verifier is not the owner's own, no program, or a file takes its files' names", async () => {
    await refused(of({ artifact: { sha256: "f".repeat(64) }, args: [] }), { code: "artifact_missing", params: { field: "verification.verifier.artifact" } });
    const given = await world();
    const text = await upload(given.owner.ctx, "file", "no program");
    const inOwn = async (shape: object) => await createJob(given.owner.ctx, { ...given.submission, ...shape } as never);
    await expect(inOwn(of({ artifact: text, args: [] }))).rejects.toMatchObject({ code: "program_refused" });
    await expect(inOwn(of({ artifact: given.submission.verification.verifier?.artifact, args: ["{nothing}"] }))).rejects.toMatchObject({
      code: "arguments_refused",
      params: { field: "verification.verifier.args.0" },
    });
    await expect(inOwn({ files: [{ name: "shard.in", artifact: text }] })).rejects.toMatchObject({ code: "bad_request", params: { field: "files.0.name" } });
  });

  test("is refused while there is no trusted device that could run it", async () => {
    await world();
    await services.db`update devices set trusted = false`;
    const given = await world();
    await services.db`update devices set trusted = false`;
    await expect(createJob(given.owner.ctx, given.submission)).rejects.toMatchObject({ code: "assurance_unavailable" });
  });
});
