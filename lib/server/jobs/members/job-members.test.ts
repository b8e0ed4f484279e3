import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { listJobs as listJobsEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { setMember as setMemberEndpoint } from "#lib/protocol/jobs/members.ts";
import { makeAccount, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";

import { insertAccount, setAddress } from "../../accounts/account-store.ts";
import { openCaller } from "../../accounts/testing/open-caller.ts";
import { makeWallet, signInWith } from "../../accounts/testing/test-wallet.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { listNotices } from "../../notices/feed.ts";
import type { AccountPrincipal } from "../../principal.ts";
import { cancelJob } from "../cancel-job.ts";
import { getJob } from "../get-job.ts";
import { listFailures } from "../insight/list-failures.ts";
import { listJobs } from "../list-jobs.ts";
import { pauseJob } from "../pause-job.ts";
import { publishJob } from "../publication/publish-job.ts";
import { raiseBudget } from "../raise-budget.ts";
import { resumeJob } from "../resume-job.ts";
import { listMembers, removeMember, setMember } from "./job-members.ts";
import { deleteMembersOf, renameMember } from "./member-store.ts";

type Person = WalletOwner;
let services: TestServices;
let owner: Person;
let viewer: Person;
let manager: Person;
let stranger: Person;

beforeAll(async () => {
  services = await openTestServices();
  [owner, viewer, manager, stranger] = (await Promise.all([0, 1, 2, 3].map(async () => (await makeAccount(services)).ctx))) as [Person, Person, Person, Person];
});
afterAll(async () => await services.close());

async function shareJob() {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
  await setMember(owner, { jobId, address: viewer.principal.address, role: "view" });
  await setMember(owner, { jobId, address: manager.principal.address, role: "manage" });
  return jobId;
}
const listed = async (ctx: Context, after?: string) => (await listJobs(ctx, listJobsEndpoint.input.parse(after ? { after } : {}))).jobs.map(({ id }) => id);

test("who is let in sees the job in the list and from near, and may do what the role says and no more", async () => {
  const jobId = await shareJob();
  for (const [person, role] of [
    [owner, "owner"],
    [viewer, "view"],
    [manager, "manage"],
  ] as const) {
    expect(await getJob(person, { jobId })).toMatchObject({ role });
    expect(await listed(person)).toContain(jobId);
    expect(await listFailures(person, { jobId })).toMatchObject({ groups: [] });
  }
  for (const act of [pauseJob, resumeJob, cancelJob]) await expect(act(viewer, { jobId })).rejects.toMatchObject({ code: "forbidden" });
  expect((await pauseJob(manager, { jobId })).state).toBe("paused");
  expect((await resumeJob(manager, { jobId })).state).toBe("running");
  for (const person of [viewer, manager]) {
    await expect(publishJob(person, { jobId })).rejects.toMatchObject({ code: "forbidden" });
    await expect(raiseBudget(person, { jobId, reservedMicro: "99000000" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(listMembers(person, { jobId })).rejects.toMatchObject({ code: "forbidden" });
    await expect(setMember(person, { jobId, address: person.principal.address, role: "manage" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(removeMember(person, { jobId, address: owner.principal.address })).rejects.toMatchObject({ code: "forbidden" });
  }
  expect((await cancelJob(manager, { jobId })).state).toBe("cancelled");
});

test("a list pages over one's own jobs and those one was let in to", async () => {
  const shared = await shareJob();
  const { jobId: own } = await makeJob(services, viewer.principal.accountId, { shardCount: 3 });
  const all = await listed(viewer);
  expect(all).toEqual(expect.arrayContaining([shared, own]));
  expect(await listed(viewer, all[0])).toEqual(all.slice(1));
  expect(await listed(stranger, all[0])).toEqual([]);
});

test("nobody else sees it, and who is taken out no longer does", async () => {
  const jobId = await shareJob();
  await expect(getJob(stranger, { jobId })).rejects.toMatchObject({ code: "not_found" });
  await expect(setMember(stranger, { jobId, address: stranger.principal.address, role: "manage" })).rejects.toMatchObject({ code: "not_found" });
  expect((await removeMember(owner, { jobId, address: viewer.principal.address })).members.map(({ address }) => address)).toEqual([manager.principal.address]);
  await expect(getJob(viewer, { jobId })).rejects.toMatchObject({ code: "not_found" });
  expect(await listed(viewer)).not.toContain(jobId);
});

test("an address is let in before it has an account, in any case of letters, but not the owner's own nor a fifty-first", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
  const parsed = setMemberEndpoint.input.parse({ jobId, address: `0x${"AB".repeat(20)}`, role: "view" });
  expect((await setMember(owner, parsed)).members).toMatchObject([{ address: `0x${"ab".repeat(20)}`, role: "view" }]);
  expect((await setMember(owner, { ...parsed, role: "manage" })).members).toMatchObject([{ role: "manage" }]);
  await expect(setMember(owner, { ...parsed, address: owner.principal.address })).rejects.toMatchObject({ code: "bad_request", params: { field: "address" } });
  for (let i = 0; i < 49; i++) await setMember(owner, { ...parsed, address: `0x${String(i).padStart(40, "0")}` });
  await expect(setMember(owner, { ...parsed, address: `0x${"9".repeat(40)}` })).rejects.toMatchObject({ code: "bad_request" });
  for (const address of ["0x12", "vitalik.eth", `0x${"g".repeat(40)}`])
    expect(setMemberEndpoint.input.safeParse({ jobId, address, role: "view" }).success).toBe(false);
});

test("a wallet that signed in is the one that was let in, in whichever letters its address is written", async () => {
  const services = await openTestServices();
  const { ctx } = await makeAccount(services);
  const { answer, credentials } = await signInWith(services, openCaller(services), makeWallet("collaborator"));
  const { id: accountId, address } = answer.body as { id: AccountId; address: string };
  expect([answer.status, Object.keys(credentials).length, address]).toEqual([200, 1, expect.stringMatching(/[A-F]/)]);
  const { jobId } = await makeJob(services, ctx.principal.accountId, { shardCount: 3 });
  await setMember(ctx, setMemberEndpoint.input.parse({ jobId, address, role: "view" }));
  const collaborator: Person = { ...services, principal: { kind: "account", accountId, address, roles: [], scopes: null } };
  expect(await getJob(collaborator, { jobId })).toMatchObject({ role: "view" });
  expect(await listed(collaborator)).toEqual([jobId]);
  await services.close();
});

/** Somebody whose account only passkeys open. */
async function passkeyOwner(): Promise<Context<AccountPrincipal>> {
  const accountId = newId("acc");
  await transaction(services.db, (tx) => insertAccount(tx, { id: accountId, address: null, at: services.clock.now() }));
  return { ...services, principal: { kind: "account", accountId, address: null, roles: [], scopes: null } };
}

describe("somebody without a wallet", () => {
  test("is let in by the id of their account, with either role, told what becomes of the job, and taken out again", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
    const [friend, other] = [await passkeyOwner(), await passkeyOwner()];
    const { accountId } = friend.principal;
    const given = setMemberEndpoint.input.parse({ jobId, address: ` ${accountId.toUpperCase().replace("ACC", "acc")} `, role: "view" });
    expect((await setMember(owner, given)).members).toMatchObject([{ address: accountId, role: "view" }]);
    expect([await getJob(friend, { jobId }), await listed(friend)]).toMatchObject([{ role: "view" }, [jobId]]);
    await expect(pauseJob(friend, { jobId })).rejects.toMatchObject({ code: "forbidden" });
    await expect(getJob(other, { jobId })).rejects.toMatchObject({ code: "not_found" });
    await setMember(owner, { ...given, role: "manage" });
    expect((await pauseJob(friend, { jobId })).state).toBe("paused");
    await cancelJob(owner, { jobId });
    expect((await listNotices(friend, { limit: 5 })).notices.map(({ kind }) => kind)).toEqual(["stopped"]);
    expect((await removeMember(owner, { jobId, address: accountId })).members).toEqual([]);
    await expect(getJob(friend, { jobId })).rejects.toMatchObject({ code: "not_found" });
    expect((await listNotices(friend, { limit: 5 })).notices).toEqual([]);
  });

  test("owns jobs and lets others in, but not themselves; nobody lets in an id that is none, or a deleted account", async () => {
    const friend = await passkeyOwner();
    const { accountId } = friend.principal;
    const job = await makeJob(services, accountId, { shardCount: 3, priceMicro: 0n });
    const refused = async (address: string) =>
      await expect(setMember(friend, { jobId: job.jobId, address, role: "view" })).rejects.toMatchObject({ code: "bad_request", params: { field: "address" } });
    await refused(accountId);
    await refused(`acc_${"0".repeat(32)}`);
    const gone = await passkeyOwner();
    await services.db`update accounts set address = ${`deleted ${gone.principal.accountId}`} where id = ${uuidOf(gone.principal.accountId)}`;
    await refused(gone.principal.accountId);
    for (const address of [`acc_${"g".repeat(32)}`, `dev_${"0".repeat(32)}`, "acc_12"])
      expect(setMemberEndpoint.input.safeParse({ jobId: job.jobId, address, role: "view" }).success).toBe(false);
    expect((await setMember(friend, { jobId: job.jobId, address: viewer.principal.address, role: "view" })).members).toHaveLength(1);
  });

  test("stays a member with the stronger role when they add a wallet that was let in too; who has a wallet is listed by it", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
    const { jobId: second } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
    const friend = await passkeyOwner();
    const { accountId } = friend.principal;
    const wallet = makeWallet("added later").address;
    for (const each of [jobId, second]) await setMember(owner, { jobId: each, address: accountId, role: each === jobId ? "manage" : "view" });
    await setMember(owner, { jobId, address: wallet.toLowerCase(), role: "view" });
    await transaction(services.db, async (tx) => {
      await setAddress(tx, accountId, wallet);
      await renameMember(tx, accountId, wallet);
    });
    expect((await listMembers(owner, { jobId })).members).toMatchObject([{ address: wallet.toLowerCase(), role: "manage" }]);
    expect((await getJob(friend, { jobId: second })).role).toBe("view");
    expect((await setMember(owner, { jobId: second, address: accountId, role: "manage" })).members).toMatchObject([
      { address: wallet.toLowerCase(), role: "manage" },
    ]);
    expect((await removeMember(owner, { jobId: second, address: accountId })).members).toEqual([]);
  });
});

test("a deleted account is a member of nothing, and its jobs have no members", async () => {
  const jobId = await shareJob();
  await transaction(services.db, (tx) => deleteMembersOf(tx, viewer.principal.accountId));
  expect((await listMembers(owner, { jobId })).members.map(({ address }) => address)).toEqual([manager.principal.address]);
  await transaction(services.db, (tx) => deleteMembersOf(tx, owner.principal.accountId));
  expect((await listMembers(owner, { jobId })).members).toEqual([]);
});
