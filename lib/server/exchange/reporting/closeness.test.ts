import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NumericRule } from "#lib/domain/compare/compare-rule.ts";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { GrantView, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { insertJobArtifacts } from "../../artifacts/artifact-store.ts";
import { recordArtifact } from "../../artifacts/record-artifact.ts";
import { checkLedger } from "../../ledger/check-ledger.ts";
import { getDeviceEarnings } from "../../ledger/ledger-store.ts";
import { JobSnapshot } from "../job-snapshot.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ independentWaitMs: 60_000, grantLeaseMs: 45_000 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const RULE: NumericRule = { kind: "numeric", elements: "f32", absolute: 0.5, relative: 0, ulp: 0 };
/** Too many numbers for a report: they are uploaded. */
const LARGE = 4000;

const bytesOf = (value: number, count = 4) => new Uint8Array(new Float32Array(count).fill(value).buffer);
const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function world(shape: Parameters<typeof makeJob>[2] = {}, devices = 3) {
  await services.db`update jobs set state = 'cancelled' where state = 'running'`;
  await services.db`update job_cursors set state = 'cancelled'`;
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { shardCount: 1, compare: RULE, ...shape });
  const snapshot = new JobSnapshot(services);
  const made = await Promise.all(Array.from({ length: devices }, () => makeDevice(services)));
  return { jobId, devices: made.map(({ ctx }) => new DrivenDevice(ctx, snapshot)) };
}

async function upload(jobId: JobId, bytes: Uint8Array): Promise<void> {
  const stored = await services.blobs.put(
    (async function* () {
      yield bytes;
    })(),
    { bytesMax: 1 << 20 },
  );
  if (!stored.ok) throw new Error(stored.reason);
  await recordArtifact(services, stored, (tx) => insertJobArtifacts(tx, jobId, [{ sha256: stored.sha256, part: "output" }]));
}

async function resultOf(jobId: JobId, bytes: Uint8Array): Promise<ResultReport> {
  const result: ResultReport = { no: 0, outcome: "ok", digest: digestOf(bytes), durationMs: 10, adapter: "google/swiftshader" };
  if (bytes.length <= 8192) return { ...result, output: Buffer.from(bytes).toString("base64") };
  await upload(jobId, bytes);
  return { ...result, outputBytes: bytes.length };
}

/** The device takes the shard and reports these numbers. */
async function answer(device: DrivenDevice, jobId: JobId, bytes: Uint8Array): Promise<void> {
  const { grants } = await device.exchange({ shards: 1 });
  const [grant] = grants as [GrantView];
  const { acks } = await device.exchange({ reports: [{ jobId, grantId: grant.grantId, results: [await resultOf(jobId, bytes)] }] });
  expect(acks).toMatchObject([{ state: "taken" }]);
}

async function shardOf(jobId: JobId) {
  const [shard] = await services.db<{ verdict: string; reason: string | null; digest: string; output: Buffer | null }[]>`
    select verdict, reason, encode(digest, 'hex') as digest, output from shards where job_id = ${uuidOf(jobId)}`;
  return shard;
}

const earnedBy = async (devices: readonly DrivenDevice[]) => await Promise.all(devices.map((device) => getDeviceEarnings(services.db, device.deviceId)));

describe("a job whose outputs are compared as numbers", () => {
  test("accepts two that are close, keeps the bytes of one of them, and pays both", async () => {
    const { jobId, devices } = await world();
    const [a, b] = devices as [DrivenDevice, DrivenDevice];
    await answer(a, jobId, bytesOf(1));
    expect(await shardOf(jobId)).toBeUndefined();
    await answer(b, jobId, bytesOf(1.25));
    const shard = await shardOf(jobId);
    expect(shard).toMatchObject({ verdict: "accepted" });
    expect([digestOf(bytesOf(1)), digestOf(bytesOf(1.25))]).toContain(shard?.digest);
    expect(digestOf(shard?.output ?? new Uint8Array())).toBe(shard?.digest);
    expect(await earnedBy([a, b])).toEqual([1000n, 1000n]);
  });

  test("asks further where two are apart, and does not pay the one that stays alone", async () => {
    const { jobId, devices } = await world();
    const [a, liar, c] = devices as [DrivenDevice, DrivenDevice, DrivenDevice];
    await answer(a, jobId, bytesOf(1));
    await answer(liar, jobId, bytesOf(2));
    expect(await shardOf(jobId)).toBeUndefined();
    await answer(c, jobId, bytesOf(1.1));
    expect(await shardOf(jobId)).toMatchObject({ verdict: "accepted" });
    expect(await earnedBy([a, liar, c])).toEqual([1000n, 0n, 1000n]);
  });

  test("closeness is not handed on: a chain is no agreement, and a fourth decides who is far", async () => {
    const { jobId, devices } = await world({ quorum: 3, replicasMax: 5 }, 4);
    const [low, high, middle, fourth] = devices as [DrivenDevice, DrivenDevice, DrivenDevice, DrivenDevice];
    await answer(low, jobId, bytesOf(1));
    await answer(high, jobId, bytesOf(1.875));
    await answer(middle, jobId, bytesOf(1.4375));
    expect(await shardOf(jobId)).toBeUndefined();
    await answer(fourth, jobId, bytesOf(1.25));
    expect((await shardOf(jobId))?.digest).toBe(digestOf(bytesOf(1.25)));
    expect(await earnedBy([low, high, middle, fourth])).toEqual([1000n, 0n, 1000n, 1000n]);
  });

  test("reads outputs that were uploaded, and the verdict points to one of them", async () => {
    const { jobId, devices } = await world();
    const [a, b] = devices as [DrivenDevice, DrivenDevice];
    await answer(a, jobId, bytesOf(3, LARGE));
    await answer(b, jobId, bytesOf(3.5, LARGE));
    const shard = await shardOf(jobId);
    expect(shard).toMatchObject({ verdict: "accepted", output: null });
    expect([digestOf(bytesOf(3, LARGE)), digestOf(bytesOf(3.5, LARGE))]).toContain(shard?.digest);
  });

  test.each([
    ["in the row", 4],
    ["uploaded", LARGE],
  ])("a report that comes after the verdict is paid when it is close to the accepted output: %s", async (_, count) => {
    const { jobId, devices } = await world({ quorum: 1, replicasMax: 3 }, 3);
    const [first, close, far] = devices as [DrivenDevice, DrivenDevice, DrivenDevice];
    await services.db`update job_cursors set heads = '{0,0,0}' where job_id = ${uuidOf(jobId)}`;
    const grants = await Promise.all([first, close, far].map(async (device) => (await device.exchange({ shards: 1 })).grants[0] as GrantView));
    for (const [index, value] of [1, 1.5, 9].entries()) {
      const results = [await resultOf(jobId, bytesOf(value, count))];
      await [first, close, far][index]?.exchange({ reports: [{ jobId, grantId: grants[index]?.grantId ?? "grt_", results }] });
    }
    expect((await shardOf(jobId))?.digest).toBe(digestOf(bytesOf(1, count)));
    expect(await earnedBy([first, close, far])).toEqual([1000n, 1000n, 0n]);
  });

  test("other lengths, NaN where numbers are, and failures of the program are no agreement", async () => {
    const { jobId, devices } = await world({ replicasMax: 3 });
    const [a, b, c] = devices as [DrivenDevice, DrivenDevice, DrivenDevice];
    await answer(a, jobId, bytesOf(1));
    await answer(b, jobId, bytesOf(1, 5));
    await answer(c, jobId, bytesOf(Number.NaN));
    expect(await shardOf(jobId)).toMatchObject({ verdict: "failed", reason: "shard_no_agreement" });
    expect(await earnedBy([a, b, c])).toEqual([0n, 0n, 0n]);
  });

  test("keeps the class of GPU with every result", async () => {
    const { jobId, devices } = await world();
    await answer(devices[0] as DrivenDevice, jobId, bytesOf(1));
    const rows = await services.db<{ adapter: string }[]>`select adapter from results where job_id = ${uuidOf(jobId)}`;
    expect(rows.map((row) => row.adapter)).toEqual(["google/swiftshader"]);
  });
});

test("a job that compares bytes does not take close numbers for equal", async () => {
  const { jobId, devices } = await world({ compare: { kind: "exact" } });
  const [a, b] = devices as [DrivenDevice, DrivenDevice];
  await answer(a, jobId, bytesOf(1));
  await answer(b, jobId, bytesOf(1.25));
  expect(await shardOf(jobId)).toBeUndefined();
});

describe("a job with a kernel", () => {
  test("goes to devices with WebGPU only; the others hear how many jobs need it", async () => {
    const { jobId, devices } = await world({ runtime: "wgsl" });
    const [plain, capable] = devices as [DrivenDevice, DrivenDevice];
    expect(await plain.exchange({ shards: 1 })).toMatchObject({ grants: [], reason: "needs_webgpu", jobsNeedingWebgpu: 1 });
    expect((await capable.exchange({ shards: 1, webgpu: true })).grants.map((grant) => grant.jobId)).toEqual([jobId]);
    expect((await plain.exchange()).reason).toBeNull();
  });

  test("does not stand in the way of a job that needs no GPU", async () => {
    const { devices } = await world({ runtime: "wgsl" });
    const owner = await makeAccount(services);
    const other = await makeJob(services, owner.accountId, { shardCount: 1 });
    const [plain] = devices as [DrivenDevice];
    expect((await plain.exchange({ shards: 1 })).grants.map((grant) => grant.jobId)).toEqual([other.jobId]);
    const { grants } = await plain.exchange({ shards: 1, reports: [] });
    expect(grants).toEqual([]);
  });
});

test("a small output that claims to be another's digest is refused before anything is compared", async () => {
  const { jobId, devices } = await world();
  const [a] = devices as [DrivenDevice];
  const { grants } = await a.exchange({ shards: 1 });
  const forged = { ...okResult(0, "x"), digest: digestOf(bytesOf(1)) };
  const { acks } = await a.exchange({ reports: [{ jobId, grantId: (grants[0] as GrantView).grantId, results: [forged] }] });
  expect(acks).toMatchObject([{ refused: [{ no: 0 }] }]);
});
