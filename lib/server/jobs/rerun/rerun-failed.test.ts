import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, type KeyId, uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { createKey } from "../../accounts/keys/create-key.ts";
import { sweep } from "../../background/sweep.ts";
import type { Context } from "../../context.ts";
import { JobSnapshot } from "../../exchange/job-snapshot.ts";
import { checkLedger } from "../../ledger/check-ledger.ts";
import { getAccountBalance, getDeviceEarnings, getJobMoney } from "../../ledger/ledger-store.ts";
import { setRule } from "../../policy/policy-rules.ts";
import type { AccountPrincipal } from "../../principal.ts";
import { cancelJob } from "../cancel-job.ts";
import { getJob } from "../get-job.ts";
import { getResults } from "../get-results.ts";
import { setMember } from "../members/job-members.ts";
import { rerunFailed } from "./rerun-failed.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const PRICE = 1000n;
const truth = (no: number) => `output of ${no}\n`;
type Owner = Context<AccountPrincipal>;

async function newDevice(): Promise<DrivenDevice> {
  return new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
}

/** Takes all there is and reports it; a shard of `failing` ends with exit code 3. */
async function compute(failing: readonly number[] = [], times = 2): Promise<DrivenDevice[]> {
  const devices: DrivenDevice[] = [];
  for (let i = 0; i < times; i++) {
    const device = await newDevice();
    devices.push(device);
    for (let turn = 0; turn < 4; turn++) {
      const { grants } = await device.exchange({ shards: 50 });
      if (grants.length === 0) break;
      const reports = grants.map((grant) => ({
        ...reportOf(grant, truth),
        results: numbersOf(grant).map((no) =>
          failing.includes(no) ? { no, outcome: "exit_code" as const, exitCode: 3, stderr: "no luck", durationMs: 5 } : okResult(no, truth(no)),
        ),
      }));
      await device.exchange({ reports });
    }
  }
  return devices;
}
const numbersOf = ({ fromNo, toNo }: GrantView) => Array.from({ length: toNo - fromNo }, (_, i) => fromNo + i);

/** An ended job of six shards of which 2 and 4 failed, and its owner. */
async function endedJob(shape: Parameters<typeof makeJob>[2] = {}): Promise<{ jobId: JobId; owner: Owner }> {
  await services.db`update jobs set state = 'cancelled' where state = 'running'`;
  await services.db`update job_cursors set state = 'cancelled' where state = 'running'`;
  const { ctx: owner, accountId } = await makeAccount(services);
  const { jobId } = await makeJob(services, accountId, { shardCount: 6, priceMicro: PRICE, feeBps: 0, replicasMax: 4, ...shape });
  await compute([2, 4]);
  await sweep(services);
  expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 4, failedCount: 2 });
  return { jobId, owner };
}

const available = async (owner: Owner) => (await getAccountBalance(services.db, owner.principal.accountId, 0)).availableMicro;
async function resultOf(owner: Owner, jobId: JobId): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of (await getResults(owner, { jobId })).body) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("the failed shards of an ended job", () => {
  test("are computed again with all of their replicas, and their results join the others", async () => {
    const { jobId, owner } = await endedJob();
    const before = await available(owner);
    expect(await rerunFailed(owner, { jobId })).toMatchObject({
      state: "running",
      acceptedCount: 4,
      failedCount: 0,
      finalCount: 4,
      endedAt: null,
      reason: null,
    });
    expect(before - (await available(owner))).toBe(2n * 4n * PRICE);

    const devices = await compute();
    await sweep(services);
    expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 6, failedCount: 0, finalCount: 6 });
    expect(await resultOf(owner, jobId)).toBe([0, 1, 2, 3, 4, 5].map(truth).join(""));
    for (const device of devices) expect(await getDeviceEarnings(services.db, device.deviceId)).toBe(2n * PRICE);
    // Two shards with two replicas more; what was reserved beyond that came back.
    expect(before - (await available(owner))).toBe(2n * 2n * PRICE);
    expect((await getJobMoney(services.db, jobId)).heldMicro).toBe(0n);
    const [note] = await services.db<{ shards: number; reserved: string }[]>`
      select shards, reserved_micro::text as reserved from job_reruns where job_id = ${uuidOf(jobId)} and account_id = ${uuidOf(owner.principal.accountId)}`;
    expect(note).toEqual({ shards: 2, reserved: String(2n * 4n * PRICE) });
  });

  test("may fail again, and be computed once more; who found them failed before keeps their pay", async () => {
    const { jobId, owner } = await endedJob();
    const paid = async () => (await getJobMoney(services.db, jobId)).spentMicro;
    const first = await paid();
    await rerunFailed(owner, { jobId });
    services.clock.advance(1000);
    await compute([4]);
    await sweep(services);
    expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 5, failedCount: 1 });
    expect(await paid()).toBe(first + 4n * PRICE);
    await rerunFailed(owner, { jobId });
    await compute();
    expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 6, failedCount: 0 });
  });

  test("are given up by cancelling: what was reserved for them comes back and the results of before stay", async () => {
    const { jobId, owner } = await endedJob();
    const before = await available(owner);
    await rerunFailed(owner, { jobId });
    await cancelJob(owner, { jobId });
    expect(await available(owner)).toBe(before);
    expect(await resultOf(owner, jobId)).toBe([0, 1, 3, 5].map(truth).join(""));
  });

  test("leave no half of a reducer's figure behind: blocks that were folded without them are folded again", async () => {
    const { jobId, owner } = await endedJob();
    await services.db`update jobs set spec = jsonb_set(spec, '{reducer}', '{"kind": "sum"}') where id = ${uuidOf(jobId)}`;
    const count = async () => (await services.db<{ n: number }[]>`select count(*)::int as n from job_folds where job_id = ${uuidOf(jobId)}`)[0]?.n;
    await services.db`insert into job_folds (job_id, block_no, shards, state) values (${uuidOf(jobId)}, 0, 4, ''::bytea), (${uuidOf(jobId)}, 7, 4, ''::bytea)`;
    await rerunFailed(owner, { jobId });
    expect(await count()).toBe(1);
    await services.db`delete from job_folds where job_id = ${uuidOf(jobId)}`;
  });
});

describe("is refused", () => {
  test("while the job runs, after it was cancelled, without a failed shard, and asked twice", async () => {
    const { jobId, owner } = await endedJob();
    const both = await Promise.allSettled([rerunFailed(owner, { jobId }), rerunFailed(owner, { jobId })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await getJobMoney(services.db, jobId)).heldMicro).toBe(2n * 4n * PRICE);
    await expect(rerunFailed(owner, { jobId })).rejects.toMatchObject({ code: "conflict", params: { problem: expect.stringContaining("has not ended") } });
    await compute();
    await sweep(services);
    await expect(rerunFailed(owner, { jobId })).rejects.toMatchObject({ code: "conflict", params: { problem: "no shard of the job failed" } });
    const { jobId: cancelled } = await makeJob(services, owner.principal.accountId);
    await cancelJob(owner, { jobId: cancelled });
    await expect(rerunFailed(owner, { jobId: cancelled })).rejects.toMatchObject({
      code: "conflict",
      params: { problem: expect.stringContaining("was cancelled") },
    });
  });

  test("to everybody but its owner, to a member who manages it too, because it is the owner's money; and to a key without the scope", async () => {
    const { jobId, owner } = await endedJob();
    const { ctx: stranger } = await makeAccount(services);
    await expect(rerunFailed(stranger, { jobId })).rejects.toMatchObject({ code: "not_found" });
    await setMember(owner, { jobId, address: stranger.principal.address ?? "", role: "manage" });
    await expect(rerunFailed(stranger, { jobId })).rejects.toMatchObject({ code: "forbidden" });
    const reader = { ...owner, principal: { ...owner.principal, scopes: ["jobs:read" as const] } };
    await expect(rerunFailed(reader, { jobId })).rejects.toMatchObject({ code: "key_scope" });
    expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", failedCount: 2 });
  });

  test("without the money for it, and for a program that an operator has denied since; nothing moves", async () => {
    const { jobId, owner } = await endedJob();
    await makeJob(services, owner.principal.accountId, { shardCount: 1, budgetMicro: await available(owner) });
    await expect(rerunFailed(owner, { jobId })).rejects.toMatchObject({ code: "funds_short" });
    expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", failedCount: 2 });

    const spender = await endedJob();
    const { key } = await createKey(spender.owner, { name: "script", scopes: ["jobs:write"], spendTotalMicro: "7999" });
    const byKey = { ...spender.owner, principal: { ...spender.owner.principal, scopes: ["jobs:write" as const], key: { id: key.id as KeyId, jobId: null } } };
    await expect(rerunFailed(byKey, { jobId: spender.jobId })).rejects.toMatchObject({ code: "key_spend_limit", params: { need: "8000" } });
    expect((await getJobMoney(services.db, spender.jobId)).heldMicro).toBe(0n);

    const again = await endedJob();
    const operator = { ...owner, principal: { ...owner.principal, roles: ["operator"] } };
    await setRule(operator, { subject: "0".repeat(64), verdict: "deny", reason: "it mines" });
    await expect(rerunFailed(again.owner, { jobId: again.jobId })).rejects.toMatchObject({ code: "program_denied" });
    await services.db`delete from policy_rules`;
  });
});
