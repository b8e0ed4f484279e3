import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, type KeyId, uuidOf } from "#lib/domain/ids.ts";
import { setFunder as setFunderEndpoint } from "#lib/protocol/jobs/funders.ts";
import { makeAccount, makeDevice, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { createKey } from "../../accounts/keys/create-key.ts";
import { transaction } from "../../db/transaction.ts";
import { checkLedger } from "../../ledger/check-ledger.ts";
import { getAccountBalance, getJobMoney } from "../../ledger/ledger-store.ts";
import type { AccountPrincipal } from "../../principal.ts";
import { cancelJob } from "../cancel-job.ts";
import { endJob } from "../end-job.ts";
import { listJobs } from "../list-jobs.ts";
import { raiseBudget } from "../raise-budget.ts";
import { contribute } from "./contribute.ts";
import { listFunders, removeFunder, setFunder } from "./job-funders.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const PRICE = 1000n;
/** Ten shards with two replicas at 1,000 and no fee: 20,000 in all. */
async function openJob(balanceMicro?: bigint) {
  const { ctx: owner } = await makeAccount(services, balanceMicro);
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 10, replicasMax: 2, priceMicro: PRICE, feeBps: 0 });
  return { owner, jobId };
}
async function nameFunder(owner: WalletOwner, jobId: JobId, shareBps: number): Promise<WalletOwner> {
  const { ctx } = await makeAccount(services);
  await setFunder(owner, { jobId, address: ctx.principal.address, shareBps });
  // Who was named first comes first; the clock stands still until it is moved.
  services.clock.advance(1);
  return ctx;
}
async function spend(jobId: JobId, replicas: number) {
  const { deviceId } = await makeDevice(services);
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, ${replicas}::int) as n`;
    await settleReplicas(tx, { jobId, priceMicro: PRICE, feeBps: 0 }, [{ deviceId, agreed: "yes", isVested: true, count: replicas, durationMs: 5 }]);
  });
}
const available = async ({ principal }: WalletOwner) => (await getAccountBalance(services.db, principal.accountId, 0)).availableMicro;

describe("a job that several fund", () => {
  test("returns what it did not spend by the stated shares, and its owner gets the rest", async () => {
    const { owner, jobId } = await openJob();
    const [ada, bob] = [await nameFunder(owner, jobId, 2500), await nameFunder(owner, jobId, 3333)];
    const before = await Promise.all([ada, bob, owner].map(available));
    await contribute(ada, { jobId, putMicro: "30000", shareBps: 2500 });
    await contribute(bob, { jobId, putMicro: "50001", shareBps: 3333 });
    await spend(jobId, 7);
    // 100,001 were put in, 7,000 were spent.
    const { funders } = await listFunders(bob, { jobId });
    expect(funders.map(({ putMicro, shareBps, returnableMicro, isYou, isOwner }) => [putMicro, shareBps, returnableMicro, isYou, isOwner])).toEqual([
      ["30000", 2500, "23250", false, false],
      ["50001", 3333, "49751", true, false],
      ["20000", 4167, "20000", false, true],
    ]);
    await endJob(services, { jobId, state: "cancelled" });
    const after = await Promise.all([ada, bob, owner].map(available));
    expect(after.map((amount, i) => amount - (before[i] ?? 0n))).toEqual([-6750n, -250n, 20_000n]);
    expect((await getJobMoney(services.db, jobId)).heldMicro).toBe(0n);
    const { funders: closed } = await listFunders(owner, { jobId });
    expect(closed.map(({ returnedMicro, returnableMicro }) => [returnedMicro, returnableMicro])).toEqual([
      ["23250", "0"],
      ["49751", "0"],
      ["20000", "0"],
    ]);
  });

  test("nobody gets more back than they put in, whatever share they were promised", async () => {
    const { owner, jobId } = await openJob();
    const ada = await nameFunder(owner, jobId, 10_000);
    const before = await available(ada);
    await contribute(ada, { jobId, putMicro: "5", shareBps: 10_000 });
    await cancelJob(owner, { jobId });
    expect(await available(ada)).toBe(before);
  });

  test("is seen by whom its owner named, goes on when money comes, and shows each what of it is in escrow", async () => {
    const { owner, jobId } = await openJob();
    await services.db`update jobs set state = 'needs_funds' where id = ${uuidOf(jobId)}`;
    await services.db`update job_cursors set state = 'needs_funds' where job_id = ${uuidOf(jobId)}`;
    const ada = await nameFunder(owner, jobId, 5000);
    expect((await listJobs(ada, { limit: 10 })).jobs.map(({ id, state }) => [id, state])).toEqual([[jobId, "needs_funds"]]);
    await contribute(ada, { jobId, putMicro: "20000", shareBps: 5000 });
    expect((await listJobs(ada, { limit: 10 })).jobs[0]?.state).toBe("running");
    const [cursor] = await services.db<{ budget: bigint }[]>`select budget_micro as budget from job_cursors where job_id = ${uuidOf(jobId)}`;
    expect(cursor?.budget).toBe(40_000n);
    for (const { principal } of [owner, ada]) expect((await getAccountBalance(services.db, principal.accountId, 0)).escrowMicro).toBe(20_000n);
    await cancelJob(owner, { jobId });
  });

  test("putting the same total in again changes nothing, more adds to it, and both may come at once", async () => {
    const { owner, jobId } = await openJob();
    const ada = await nameFunder(owner, jobId, 100);
    const before = await available(ada);
    const put = async (putMicro: string) => await contribute(ada, { jobId, putMicro, shareBps: 100 });
    await Promise.all([put("700"), put("700"), put("700")]);
    expect(before - (await available(ada))).toBe(700n);
    await put("900");
    await raiseBudget(owner, { jobId, reservedMicro: "21000" });
    await put("1000");
    expect(before - (await available(ada))).toBe(1000n);
    expect((await getJobMoney(services.db, jobId)).reservedMicro).toBe(21_100n);
    await expect(put("999")).rejects.toMatchObject({ code: "bad_request", params: { field: "putMicro" } });
    await cancelJob(owner, { jobId });
  });
});

describe("is refused", () => {
  test("money of whom nobody named, of a member who was not, and of the owner by this door", async () => {
    const { owner, jobId } = await openJob();
    const { ctx: stranger } = await makeAccount(services);
    await expect(contribute(stranger, { jobId, putMicro: "1", shareBps: 0 })).rejects.toMatchObject({ code: "not_found" });
    await expect(listFunders(stranger, { jobId })).rejects.toMatchObject({ code: "not_found" });
    await expect(contribute(owner, { jobId, putMicro: "1", shareBps: 10_000 })).rejects.toMatchObject({ code: "forbidden" });
    const ada = await nameFunder(owner, jobId, 10);
    await removeFunder(owner, { jobId, address: ada.principal.address });
    await expect(contribute(ada, { jobId, putMicro: "1", shareBps: 10 })).rejects.toMatchObject({ code: "forbidden" });
    await expect(setFunder(ada, { jobId, address: ada.principal.address, shareBps: 10_000 })).rejects.toMatchObject({ code: "forbidden" });
    await expect(setFunder(owner, { jobId, address: owner.principal.address, shareBps: 1 })).rejects.toMatchObject({ code: "bad_request" });
  });

  test("a share that was changed while somebody agreed to another, and every change of one that money was put in for", async () => {
    const { owner, jobId } = await openJob();
    const ada = await nameFunder(owner, jobId, 5000);
    await setFunder(owner, { jobId, address: ada.principal.address, shareBps: 1 });
    await expect(contribute(ada, { jobId, putMicro: "1000", shareBps: 5000 })).rejects.toMatchObject({ code: "conflict" });
    expect((await getJobMoney(services.db, jobId)).reservedMicro).toBe(20_000n);
    await contribute(ada, { jobId, putMicro: "1000", shareBps: 1 });
    await expect(setFunder(owner, { jobId, address: ada.principal.address, shareBps: 0 })).rejects.toMatchObject({ code: "conflict" });
    await expect(removeFunder(owner, { jobId, address: ada.principal.address })).rejects.toMatchObject({ code: "conflict" });
    // Others can be promised what is left, and nothing of hers.
    await expect(nameFunder(owner, jobId, 10_000)).rejects.toMatchObject({ code: "bad_request", params: { problem: expect.stringContaining("at most 9999") } });
    await nameFunder(owner, jobId, 9999);
    await cancelJob(owner, { jobId });
  });

  test("more than one has, and anything in a job that has ended", async () => {
    const { owner, jobId } = await openJob();
    const ada = await nameFunder(owner, jobId, 1);
    await expect(contribute(ada, { jobId, putMicro: "999999999999999", shareBps: 1 })).rejects.toMatchObject({ code: "funds_short" });
    await cancelJob(owner, { jobId });
    await expect(contribute(ada, { jobId, putMicro: "1", shareBps: 1 })).rejects.toMatchObject({ code: "job_ended" });
    await expect(setFunder(owner, { jobId, address: ada.principal.address, shareBps: 2 })).rejects.toMatchObject({ code: "job_ended" });
  });

  test("shares below nothing and above the whole, and amounts that are none", () => {
    const address = `0x${"a".repeat(40)}`;
    for (const shareBps of [-1, 10_001, 0.5, "5"])
      expect(setFunderEndpoint.input.safeParse({ jobId: `job_${"0".repeat(32)}`, address, shareBps }).success, String(shareBps)).toBe(false);
  });

  test("more than an API key may reserve", async () => {
    const { owner, jobId } = await openJob();
    const ada = await nameFunder(owner, jobId, 10);
    const { key } = await createKey(ada, { name: "small", scopes: ["jobs:read", "jobs:write"], spendTotalMicro: "500" });
    const principal = { ...ada.principal, scopes: ["jobs:read", "jobs:write"], key: { id: key.id as KeyId, jobId: null } } as AccountPrincipal;
    await expect(contribute({ ...ada, principal }, { jobId, putMicro: "501", shareBps: 10 })).rejects.toMatchObject({ code: "key_spend_limit" });
    await contribute({ ...ada, principal }, { jobId, putMicro: "500", shareBps: 10 });
    await cancelJob(owner, { jobId });
  });
});
