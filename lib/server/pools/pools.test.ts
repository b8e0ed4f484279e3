import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PoolId, uuidOf } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { getPool as getPoolEndpoint, listPools as listPoolsEndpoint } from "#lib/protocol/pools/pools.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { endJob } from "../jobs/end-job.ts";
import { getJob } from "../jobs/get-job.ts";
import { checkVisibility } from "../jobs/submit/check-visibility.ts";
import { getNetwork, getNetworkJob } from "../network/get-network.ts";
import { getNetworkShoal } from "../network/get-network-shoal.ts";
import { createPool } from "./create-pool.ts";
import { getPool } from "./get-pool.ts";
import { inspectInvite } from "./inspect-invite.ts";
import { createInvite, revokeInvite } from "./invites.ts";
import { joinPool } from "./join-pool.ts";
import { listPoolJobs } from "./list-pool-jobs.ts";
import { listPools } from "./list-pools.ts";
import { removeFromPool, setPoolRole } from "./members.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => await services.close());

type Person = Awaited<ReturnType<typeof makeAccount>>;

async function makePool(): Promise<{ admin: Person; poolId: PoolId; code: string }> {
  const admin = await makeAccount(services);
  const { id: poolId } = await createPool(admin.ctx, { name: "Lab" });
  const { code } = await createInvite(admin.ctx, { poolId, expiresInDays: 7 });
  return { admin, poolId, code };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "ok",
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );
}

const withKey = (ctx: Person["ctx"]): Context => ({ ...ctx, principal: { ...ctx.principal, scopes: ["jobs:read", "jobs:write"] } });
const namesOf = async (ctx: Context) => listPoolsEndpoint.output.parse(await listPools(ctx)).pools.map(({ name, role }) => `${name} ${role}`);

describe("joining", () => {
  test("an account joins as a member, a device without any account, and both as often as they like", async () => {
    const { admin, poolId, code } = await makePool();
    const [friend, device] = [await makeAccount(services), await makeDevice(services)];
    for (const ctx of [friend.ctx, friend.ctx, device.ctx, device.ctx]) await joinPool(ctx, { code });
    expect([await namesOf(admin.ctx), await namesOf(friend.ctx), await namesOf(device.ctx)]).toEqual([["Lab admin"], ["Lab member"], ["Lab device"]]);
    const pool = getPoolEndpoint.output.parse(await getPool(admin.ctx, { poolId }));
    expect([pool.members.map(({ role }) => role), pool.devices.map(({ id }) => id)]).toEqual([["admin", "member"], [device.deviceId]]);
    expect((await getPool(friend.ctx, { poolId })).invites).toEqual([]);
  });

  test("an admin who joins by a code stays an admin", async () => {
    const { admin, code } = await makePool();
    await joinPool(admin.ctx, { code });
    expect(await namesOf(admin.ctx)).toEqual(["Lab admin"]);
  });

  test("a code that was made up, has expired or was revoked lets nobody in, and all three look the same", async () => {
    const { admin, poolId, code } = await makePool();
    const { ctx } = await makeDevice(services);
    expect(await codeOf(joinPool(ctx, { code: "AAAAAAAAAAAAAAAAAAAAAA" }))).toBe("not_found");
    const { invite, code: revoked } = await createInvite(admin.ctx, { poolId, expiresInDays: 1 });
    await revokeInvite(admin.ctx, { poolId, inviteId: invite.id });
    expect(await codeOf(joinPool(ctx, { code: revoked }))).toBe("not_found");
    services.clock.advance(8 * 24 * 3600_000);
    expect(await codeOf(joinPool(ctx, { code }))).toBe("not_found");
    expect(await namesOf(ctx)).toEqual([]);
  });

  test("who holds a code sees what it lets into before they join, and nothing by any other code", async () => {
    const { admin, poolId, code } = await makePool();
    await joinPool((await makeDevice(services)).ctx, { code });
    const nobody: Context = { ...services, principal: { kind: "anonymous" } };
    expect(await inspectInvite(nobody, { code })).toMatchObject({ name: "Lab", members: 1, devices: 1 });
    const { invite, code: revoked } = await createInvite(admin.ctx, { poolId, expiresInDays: 1 });
    await revokeInvite(admin.ctx, { poolId, inviteId: invite.id });
    expect([await codeOf(inspectInvite(nobody, { code: revoked })), await codeOf(inspectInvite(nobody, { code: `${code}x` }))]).toEqual([
      "not_found",
      "not_found",
    ]);
  });

  test("the code itself is not stored", async () => {
    const { code } = await makePool();
    const rows = await services.db<{ text: string }[]>`select to_jsonb(i)::text as text from pool_invites i`;
    expect(rows.some(({ text }) => text.includes(code))).toBe(false);
  });
});

describe("what strangers and members may not do", () => {
  test("to a stranger a pool looks like none: reading, inviting, removing, making admins, submitting", async () => {
    const { admin, poolId } = await makePool();
    const { ctx } = await makeAccount(services);
    const { invite } = await createInvite(admin.ctx, { poolId, expiresInDays: 1 });
    const tries = [
      getPool(ctx, { poolId }),
      createInvite(ctx, { poolId, expiresInDays: 1 }),
      revokeInvite(ctx, { poolId, inviteId: invite.id }),
      removeFromPool(ctx, { poolId, memberId: admin.accountId }),
      setPoolRole(ctx, { poolId, memberId: ctx.principal.accountId, role: "admin" }),
      checkVisibility(services.db, ctx.principal.accountId, { kind: "pool", pool: poolId }),
    ];
    expect(await Promise.all(tries.map(codeOf))).toEqual(Array(6).fill("not_found"));
  });

  test("a member reads and leaves, and neither invites, removes others nor makes admins", async () => {
    const { admin, poolId, code } = await makePool();
    const { ctx, accountId } = await makeAccount(services);
    await joinPool(ctx, { code });
    const tries = [
      createInvite(ctx, { poolId, expiresInDays: 1 }),
      removeFromPool(ctx, { poolId, memberId: admin.accountId }),
      setPoolRole(ctx, { poolId, memberId: accountId, role: "admin" }),
    ];
    expect(await Promise.all(tries.map(codeOf))).toEqual(["forbidden", "forbidden", "forbidden"]);
    expect(await codeOf(removeFromPool(ctx, { poolId, memberId: accountId }))).toBe("ok");
    expect(await codeOf(getPool(ctx, { poolId }))).toBe("not_found");
  });

  test("an invite of another pool cannot be revoked through one's own", async () => {
    const [mine, theirs] = [await makePool(), await makePool()];
    const { invite } = await createInvite(theirs.admin.ctx, { poolId: theirs.poolId, expiresInDays: 1 });
    expect(await codeOf(revokeInvite(mine.admin.ctx, { poolId: mine.poolId, inviteId: invite.id }))).toBe("not_found");
  });

  test("a key neither invites nor makes admins, and a device removes nobody but itself", async () => {
    const { admin, poolId, code } = await makePool();
    const device = await makeDevice(services);
    await joinPool(device.ctx, { code });
    expect(await codeOf(createInvite(withKey(admin.ctx), { poolId, expiresInDays: 1 }))).toBe("forbidden");
    expect(await codeOf(setPoolRole(withKey(admin.ctx), { poolId, memberId: admin.accountId, role: "admin" }))).toBe("forbidden");
    expect(await codeOf(removeFromPool(device.ctx, { poolId, memberId: admin.accountId }))).toBe("not_found");
    expect(await codeOf(removeFromPool(device.ctx, { poolId, memberId: device.deviceId }))).toBe("ok");
  });

  test("the last admin neither leaves nor becomes a member; two who leave at once do not both", async () => {
    const { admin, poolId, code } = await makePool();
    const other = await makeAccount(services);
    await joinPool(other.ctx, { code });
    expect(await codeOf(removeFromPool(admin.ctx, { poolId, memberId: admin.accountId }))).toBe("conflict");
    expect(await codeOf(setPoolRole(admin.ctx, { poolId, memberId: admin.accountId, role: "member" }))).toBe("conflict");
    await setPoolRole(admin.ctx, { poolId, memberId: other.accountId, role: "admin" });
    const leaving = [admin, other].map(({ ctx, accountId }) => codeOf(removeFromPool(ctx, { poolId, memberId: accountId })));
    expect((await Promise.all(leaving)).sort()).toEqual(["conflict", "ok"]);
  });
});

describe("a pool's job", () => {
  async function makePoolJob() {
    const pool = await makePool();
    const { jobId } = await makeJob(services, pool.admin.accountId, { shardCount: 4, priceMicro: 0n, visibility: { kind: "pool", pool: pool.poolId } });
    const end = () => endJob(services, { jobId, state: "cancelled" });
    return { ...pool, jobId, end };
  }
  const drive = (made: Awaited<ReturnType<typeof makeDevice>>) => new DrivenDevice(made.ctx, new JobSnapshot(services));

  test("is granted to devices that were invited and to nobody else, the operator's trusted devices included", async () => {
    const { code, jobId, end } = await makePoolJob();
    const invited = [await makeDevice(services), await makeDevice(services)];
    for (const { ctx } of invited) await joinPool(ctx, { code });
    const outside = [drive(await makeDevice(services)), drive(await makeDevice(services, { trusted: true }))];
    for (const device of outside) expect(await device.exchange({ shards: 8 })).toMatchObject({ grants: [], reason: "no_jobs" });
    const inside = invited.map(drive);
    for (const device of inside) {
      const { grants } = await device.exchange({ shards: 8 });
      expect(grants.map((grant) => grant.jobId)).toEqual([jobId]);
      const { acks } = await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `${no}\n`)) });
      expect(acks.every(({ state }) => state === "taken")).toBe(true);
    }
    for (const device of outside) expect((await device.exchange({ shards: 8 })).grants).toEqual([]);
    await end();
  });

  test("is granted to a device that is linked to a member's account, until the member leaves", async () => {
    const { admin, poolId, code, jobId, end } = await makePoolJob();
    const member = await makeAccount(services);
    await joinPool(member.ctx, { code });
    const linked = await makeDevice(services);
    await services.db`update devices set account_id = ${member.accountId.slice(4)}::uuid where id = ${linked.deviceId.slice(4)}::uuid`;
    const device = drive(linked);
    const { grants } = await device.exchange({ shards: 1 });
    expect(grants.map((grant) => grant.jobId)).toEqual([jobId]);
    await removeFromPool(admin.ctx, { poolId, memberId: member.accountId });
    const after = await device.exchange({ shards: 8, running: grants.map(({ jobId: id, grantId }) => ({ jobId: id, grantId })) });
    expect(after.grants).toEqual([]);
    expect(after.stop.map(({ grantId }) => grantId)).toEqual(grants.map(({ grantId }) => grantId));
    await end();
  });

  test("and its name are told to nobody on the public pages of the instance", async () => {
    const { jobId, end } = await makePoolJob();
    const anybody: Context = { ...services, principal: { kind: "anonymous" } };
    services.clock.advance(5000);
    const told = JSON.stringify([await getNetwork(anybody), await getNetworkJob(anybody, { jobId }), await getNetworkShoal(anybody)]);
    expect(told).not.toContain(jobId);
    await end();
  });

  test("costs nothing where its price is zero", async () => {
    const { admin, jobId, end } = await makePoolJob();
    const rows = await services.db`select 1 from account_postings where account_id = ${admin.accountId.slice(4)}::uuid and ref like ${`%${jobId}%`}`;
    expect(rows).toHaveLength(0);
    await end();
  });
});

test("members see what their pool computes and whose it is, strangers nothing, and nobody by it what it finds", async () => {
  const { admin, poolId, code } = await makePool();
  const [friend, stranger] = [await makeAccount(services), await makeAccount(services)];
  await joinPool(friend.ctx, { code });
  const { jobId } = await makeJob(services, admin.accountId, { shardCount: 4 });
  await services.db`update jobs set spec = jsonb_set(spec, '{visibility}', ${services.db.json({ kind: "pool", pool: poolId })}) where id = ${uuidOf(jobId)}`;
  await makeJob(services, admin.accountId, { shardCount: 4 });
  const seen = async (ctx: Person["ctx"]) => (await listPoolJobs(ctx, { poolId })).jobs.map(({ id, isOwn, shardCount }) => ({ id, isOwn, shardCount }));
  expect(await seen(admin.ctx)).toEqual([{ id: jobId, isOwn: true, shardCount: 4 }]);
  expect(await seen(friend.ctx)).toEqual([{ id: jobId, isOwn: false, shardCount: 4 }]);
  expect(await codeOf(listPoolJobs(stranger.ctx, { poolId }))).toBe("not_found");
  expect(await codeOf(getJob(friend.ctx, { jobId }))).toBe("not_found");
  await removeFromPool(admin.ctx, { poolId, memberId: friend.accountId });
  expect(await codeOf(listPoolJobs(friend.ctx, { poolId }))).toBe("not_found");
});
