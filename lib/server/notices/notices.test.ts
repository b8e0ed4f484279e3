import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { NOTICE_LIMITS } from "#lib/domain/notice/notice.ts";
import { listNotices as listEndpoint } from "#lib/protocol/notices/notices.ts";
import { makeAccount, makeDevice, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { deleteMe } from "../accounts/data/delete-me.ts";
import { exportMe } from "../accounts/data/export-me.ts";
import { deleteExpired } from "../background/delete-expired.ts";
import { transaction } from "../db/transaction.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { endJob, endJobWithin } from "../jobs/end-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { removeMember, setMember } from "../jobs/members/job-members.ts";
import { raiseBudget } from "../jobs/raise-budget.ts";
import { resumeJob } from "../jobs/resume-job.ts";
import { holdJob } from "../policy/hold-job.ts";
import { takeDownJob } from "../policy/take-down-job.ts";
import { countUnread, listNotices, readNotices, setNoticeSetting } from "./feed.ts";
import { runNotices } from "./run-notices.ts";
import { tellOfCorrection } from "./tell-of-job.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => await services.close());

const person = async () => (await makeAccount(services)).ctx;
const operator = async (): Promise<WalletOwner> => {
  const ctx = await person();
  return { ...ctx, principal: { ...ctx.principal, roles: ["operator"] } };
};
const jobOf = async (owner: WalletOwner, shape: Parameters<typeof makeJob>[2] = {}) => (await makeJob(services, owner.principal.accountId, shape)).jobId;
const feed = async (ctx: WalletOwner, input: object = {}) => await listNotices(ctx, listEndpoint.input.parse(input));
const told = async (ctx: WalletOwner) => (await feed(ctx)).notices.map(({ kind, job, reason }) => [kind, job.id, reason?.code ?? null]);

/** Somebody who shared a job with a manager. */
async function shared() {
  const [owner, manager] = [await person(), await person()];
  const jobId = await jobOf(owner);
  await setMember(owner, { jobId, address: manager.principal.address, role: "manage" });
  return { owner, manager, jobId };
}

describe("what is told", () => {
  test("that a job is done, to its owner and whoever it was shared with, and to nobody else", async () => {
    const { owner, manager, jobId } = await shared();
    const stranger = await person();
    await endJob(services, { jobId, state: "final" });
    expect(await told(owner)).toEqual([["done", jobId, null]]);
    expect(await told(manager)).toEqual([["done", jobId, null]]);
    expect(await told(stranger)).toEqual([]);
    expect((await feed(owner)).notices[0]).toMatchObject({ isOwn: true, readAt: null, at: services.clock.now().toISOString(), job: { name: "Counting" } });
    expect((await feed(manager)).notices[0]).toMatchObject({ isOwn: false });
  });

  test("why a job stopped, but not to who stopped it", async () => {
    const { owner, manager, jobId } = await shared();
    await cancelJob(manager, { jobId });
    expect([await told(owner), await told(manager)]).toEqual([[["stopped", jobId, "job_cancelled"]], []]);
    const other = await jobOf(owner);
    await endJob(services, { jobId: other, state: "failed", reason: { code: "job_all_failed", params: { shards: 8, outcome: "trap" } } });
    expect((await feed(owner)).notices[0]).toMatchObject({ kind: "stopped", reason: { code: "job_all_failed", params: { shards: 8 } } });
  });

  test("what an operator did with a job", async () => {
    const [owner, op] = [await person(), await operator()];
    const jobId = await jobOf(owner);
    await holdJob(op, { jobId, reason: "It looks odd." });
    services.clock.advance(1000);
    await takeDownJob(op, { jobId, reason: "It mines." });
    expect(await told(owner)).toEqual([
      ["taken_down", jobId, "job_taken_down"],
      ["stopped", jobId, "job_held"],
    ]);
    expect(await told(op)).toEqual([]);
  });

  test("that a budget is spent, once for each budget, however often the job is let run", async () => {
    const owner = await person();
    const jobId = await jobOf(owner, { shardCount: 10, priceMicro: 1000n, feeBps: 0, quorum: 1, budgetMicro: 2000n });
    const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
    const ask = async () => {
      for (let i = 0; i < 2; i++) await device.exchange({ shards: 10 });
    };
    await ask();
    expect((await getJob(owner, { jobId })).state).toBe("needs_funds");
    await resumeJob(owner, { jobId });
    await ask();
    expect((await getJob(owner, { jobId })).state).toBe("needs_funds");
    expect(await told(owner)).toEqual([["budget_low", jobId, null]]);
    await raiseBudget(owner, { jobId, reservedMicro: "3000" });
    await ask();
    expect(await told(owner)).toHaveLength(2);
    await endJob(services, { jobId, state: "cancelled" });
  });

  test("that a budget will soon be spent, once for each budget", async () => {
    const owner = await person();
    const jobId = await jobOf(owner, { shardCount: 100, priceMicro: 1000n, feeBps: 0, quorum: 1, budgetMicro: 20_000n });
    const spend = async (micro: number) => await services.db`update job_cursors set committed_micro = ${micro}, heads = '{19}' where job_id = ${uuidOf(jobId)}`;
    await spend(18_000);
    await runNotices(services);
    expect(await told(owner)).toEqual([]);
    await spend(19_000);
    for (let i = 0; i < 3; i++) await runNotices(services);
    expect((await feed(owner)).notices).toMatchObject([{ kind: "budget_low", params: { leftMicro: "1000", budgetMicro: "20000" } }]);
    await raiseBudget(owner, { jobId, reservedMicro: "20500" });
    await runNotices(services);
    expect(await told(owner)).toHaveLength(2);
    await endJob(services, { jobId, state: "cancelled" });
  });

  test("that results were taken back: one notice a day for a job, unread again with each, also for who came later", async () => {
    const { owner, manager, jobId } = await shared();
    const correct = async (shards: number) => await transaction(services.db, (tx) => tellOfCorrection(tx, jobId, { shards, at: services.clock.now() }));
    await correct(2);
    const [first] = (await feed(owner)).notices;
    await readNotices(owner, { upTo: first?.no ?? 0 });
    const late = await person();
    await setMember(owner, { jobId, address: late.principal.address, role: "view" });
    await correct(3);
    for (const [ctx, shards] of [
      [owner, 5],
      [manager, 5],
      [late, 3],
    ] as const)
      expect((await feed(ctx)).notices).toMatchObject([{ kind: "corrected", params: { shards }, readAt: null }]);
    services.clock.advance(86_400_000);
    await correct(1);
    expect((await feed(owner)).notices.map(({ params }) => params.shards)).toEqual([1, 5]);
  });
});

describe("a notice is as true as what it tells", () => {
  test("it is not there where the job did not end", async () => {
    const owner = await person();
    const jobId = await jobOf(owner);
    const failing = transaction(services.db, async (tx) => {
      await endJobWithin(tx, { jobId, state: "final", at: services.clock.now() });
      throw new Error("the process ends here");
    });
    await expect(failing).rejects.toThrow("ends here");
    expect([(await getJob(owner, { jobId })).state, await told(owner)]).toEqual(["running", []]);
  });

  test("it is there once, however many end the job at the same moment", async () => {
    const { owner, manager, jobId } = await shared();
    await Promise.all(Array.from({ length: 8 }, () => endJob(services, { jobId, state: "final" })));
    expect([(await told(owner)).length, (await told(manager)).length]).toEqual([1, 1]);
  });
});

describe("a feed", () => {
  test("is read notice by notice or up to one, a page at a time, and nobody reads another's", async () => {
    const [owner, stranger] = [await person(), await person()];
    for (let i = 0; i < 3; i++) await endJob(services, { jobId: await jobOf(owner), state: "final" });
    const { notices, next } = await feed(owner, { limit: 2 });
    expect([notices.length, next]).toEqual([2, notices[1]?.no]);
    const rest = await feed(owner, { limit: 2, before: String(next) });
    expect([rest.notices.length, rest.next]).toEqual([1, null]);
    const nos = [...notices, ...rest.notices].map(({ no }) => no);
    expect(await countUnread(owner, {})).toEqual({ unread: 3, newest: nos[0] });

    await readNotices(stranger, { nos });
    await readNotices(stranger, { upTo: nos[0] });
    expect((await countUnread(owner, {})).unread).toBe(3);
    expect((await readNotices(owner, { nos: [nos[0] ?? 0] })).unread).toBe(2);
    expect((await readNotices(owner, { upTo: nos[1] })).unread).toBe(0);
    expect(await countUnread(stranger, {})).toEqual({ unread: 0, newest: 0 });
  });

  test("holds what its account wants to be told", async () => {
    const { owner, manager, jobId } = await shared();
    await setNoticeSetting(owner, { topic: "done", feed: false, push: true });
    await setNoticeSetting(manager, { topic: "shared", feed: false, push: false });
    await endJob(services, { jobId, state: "final" });
    const own = await jobOf(manager);
    await endJob(services, { jobId: own, state: "final" });
    expect([await told(owner), await told(manager)]).toEqual([[], [["done", own, null]]]);
    const { settings } = await setNoticeSetting(owner, { topic: "done", feed: true, push: false });
    expect(settings).toMatchObject({ done: { feed: true, push: false }, stopped: { feed: true, push: true }, shared: { push: false } });
  });

  test("is for a person's session and no key", async () => {
    const ctx = await person();
    const key: WalletOwner = { ...ctx, principal: { ...ctx.principal, scopes: ["jobs:read", "jobs:write"] } };
    for (const call of [feed(key), countUnread(key, {}), readNotices(key, { upTo: 1 }), setNoticeSetting(key, { topic: "done", feed: false, push: false })])
      await expect(call).rejects.toMatchObject({ code: "forbidden" });
  });

  test("forgets what is old, and keeps one's own whatever others share", async () => {
    const victim = await person();
    const own = await jobOf(victim);
    await endJob(services, { jobId: own, state: "final" });
    const attacker = await person();
    const jobId = await jobOf(attacker);
    const { accountId } = victim.principal;
    const many = NOTICE_LIMITS.sharedMax + 20;
    await services.db`insert into notices (account_id, event, kind, job_id, is_own, params, at)
      select ${uuidOf(accountId)}::uuid, 'flood ' || i, 'stopped', ${uuidOf(jobId)}::uuid, false, '{}', ${services.clock.now()} from generate_series(1, ${many}::int) i`;
    expect((await deleteExpired(services)).notices).toBe(20);
    const kept = (await feed(victim, { limit: 200 })).notices;
    expect([kept.length, kept.at(-1)?.job.id]).toEqual([NOTICE_LIMITS.sharedMax + 1, own]);
    services.clock.advance(NOTICE_LIMITS.keptMs + 1000);
    expect([await told(victim), (await countUnread(victim, {})).unread]).toEqual([[], 0]);
    await deleteExpired(services);
    expect(await rowsOf(accountId)).toBe(0);
  });
});

const rowsOf = async (accountId: AccountId) => (await services.db`select 1 from notices where account_id = ${uuidOf(accountId)}`).length;

describe("what goes", () => {
  test("whoever is taken out of a job forgets what they were told about it", async () => {
    const { owner, manager, jobId } = await shared();
    await endJob(services, { jobId, state: "final" });
    await removeMember(owner, { jobId, address: manager.principal.address });
    expect([await told(manager), (await told(owner)).length]).toEqual([[], 1]);
  });

  test("an export holds the feed and its settings; a deleted account takes them along, and what others were told of its jobs", async () => {
    const { owner, manager, jobId } = await shared();
    await setNoticeSetting(owner, { topic: "shared", feed: false, push: false });
    await endJob(services, { jobId, state: "final" });
    const data = await exportMe(owner, {});
    expect(data).toMatchObject({ notices: [{ kind: "done", job: { id: jobId } }], noticeSettings: { shared: { feed: false } } });
    await deleteMe(owner, {});
    const left: JobId[] = (await feed(manager)).notices.map(({ job }) => job.id);
    expect([await rowsOf(owner.principal.accountId), left]).toEqual([0, []]);
    expect((await services.db`select 1 from notice_settings where account_id = ${uuidOf(owner.principal.accountId)}`).length).toBe(0);
  });
});
