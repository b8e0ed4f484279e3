import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type AccountId, type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { packEarnings, toHex } from "#lib/domain/merkle/earnings.ts";
import { buildMerkleTree, rootOf } from "#lib/domain/merkle/merkle-tree.ts";
import { keccakMerkleHasher } from "#lib/hash/keccak/keccak256.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { drawFrom } from "#lib/testing/draw.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { findAccountByAddress } from "../accounts/account-store.ts";
import { findPool } from "../chain/pool-store.ts";
import { limitLogRanges } from "../chain/testing/limit-log-ranges.ts";
import { devAccount, openTestChain, type TestChain } from "../chain/testing/open-test-chain.ts";
import { openDatabase } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { createRelease } from "../ledger/budgets/create-release.ts";
import { listBudgets } from "../ledger/budgets/list-budgets.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getBalances } from "../ledger/get-balances.ts";
import { getAccountBalance, postJobGroup } from "../ledger/ledger-store.ts";
import { sumDevice } from "../ledger/posting-sum-store.ts";
import type { AccountPrincipal } from "../principal.ts";
import { listDebits } from "./epoch-posting-store.ts";
import { findEpoch, findLatestEpoch } from "./epoch-store.ts";
import { getProof } from "./get-proof.ts";
import { guardPool, type Sources } from "./guardian/guard-pool.ts";
import { payClaims } from "./pay-claims.ts";
import { runPayouts } from "./run-payouts.ts";
import { openGuard } from "./testing/open-guard.ts";

const PRICE = 1000n;
let chain: TestChain;
let services: TestServices;
let people = 10;

beforeEach(async () => {
  chain = await openTestChain();
  services = await openTestServices({ ...chain.config, faucetMicro: 0n });
});
afterEach(async () => {
  await services.close();
  await chain.stop();
});

const nextPerson = () => devAccount(people++);
const principal = (accountId: AccountId, address: string): AccountPrincipal => ({ kind: "account", accountId, address, roles: [], scopes: null });
const round = async () => await runPayouts(services);

async function accountOf(address: string): Promise<AccountId> {
  const account = await findAccountByAddress(services.db, address);
  if (!account) throw new Error(`${address} has no account`);
  return account.id;
}

async function balancesOf(address: string) {
  return await getBalances({ ...services, principal: principal(await accountOf(address), address) }, {});
}

/** An earner's wallet with a device that is linked to it. */
async function makeEarner() {
  const wallet = nextPerson();
  const { deviceId } = await makeDevice(services);
  await services.db`insert into accounts (id, address) values (gen_random_uuid(), ${wallet.address})`;
  await services.db`update devices set account_id = ${uuidOf(await accountOf(wallet.address))}, linked_at = now() where id = ${uuidOf(deviceId)}`;
  return { wallet, deviceId };
}

/** So many shards of a job, the next ones, are accepted from a device and paid. */
async function settle(jobId: JobId, deviceId: DeviceId, count: number) {
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, ${count}::int) as n`;
    await settleReplicas(tx, { jobId, priceMicro: PRICE, feeBps: 500 }, [{ deviceId, agreed: "yes", isVested: true, count, durationMs: 5 }]);
  });
}

/** Deposits, follows, and starts a job of that owner. */
async function ownerWithJob(deposit: bigint, options: { cap?: bigint; shards?: number } = {}) {
  const owner = nextPerson();
  await chain.deposit(owner, deposit, options);
  await chain.confirm();
  await round();
  const { jobId } = await makeJob(services, await accountOf(owner.address), { shardCount: options.shards ?? 10, replicasMax: 2, priceMicro: PRICE });
  return { owner, jobId };
}

/** Rounds until the newest epoch is in that state; blocks and time pass in between. */
async function roundsUntil(state: string, roundsMax = 12): Promise<void> {
  for (let i = 0; i < roundsMax; i += 1) {
    services.clock.advance(2000);
    await round();
    const epoch = await findLatestEpoch(services.db, chain.config.chain.id);
    if (epoch?.state === state) return;
    await chain.passSeconds(epoch?.state === "proposed" && state !== "proposed" ? 61 : 1);
  }
  throw new Error(`the epoch did not become ${state}`);
}

/** The script of the docs, which shares no code with the instance, finds the newest epoch's file right and one with a changed leaf wrong. */
async function expectVerifiable(): Promise<void> {
  const epoch = await findLatestEpoch(services.db, chain.config.chain.id);
  const file = await services.blobs.readBytes(epoch?.fileSha256 ?? "");
  const folder = await mkdtemp(join(tmpdir(), "shoal-epoch-"));
  const verify = async (bytes: Uint8Array) => {
    await writeFile(join(folder, "file"), bytes);
    const child = spawn(process.execPath, ["ops/verify-epoch.mjs", join(folder, "file"), epoch?.root ?? ""], { stdio: "ignore" });
    return ((await once(child, "close")) as [number])[0];
  };
  const inflated = Uint8Array.from(file);
  inflated[inflated.length - 1] = (inflated.at(-1) ?? 0) ^ 1;
  expect([await verify(file), await verify(inflated)]).toEqual([0, 1]);
  await rm(folder, { recursive: true });
}

/** What the guardian cannot have yet, a file or the books, it waits for; once it is there, the epoch is good. */
async function expectPatience(): Promise<void> {
  const guard = openGuard(services, chain);
  const { books } = guard.sources;
  const first = (await findEpoch(services.db, chain.config.chain.id, 1))?.fileSha256;
  const waits: [Partial<Sources>, string][] = [
    [{ readFile: async (sha256) => (sha256 === first ? null : await guard.sources.readFile(sha256)) }, "the file of the epoch before cannot be had"],
    [
      { readFile: async (sha256) => (sha256 === first ? Uint8Array.of(0) : await guard.sources.readFile(sha256)) },
      "the file of the epoch before cannot be had",
    ],
    [{ books: { ...books, readPaid: async () => null } }, "the books do not say what the epoch pays"],
    [{ books: { ...books, check: async () => null } }, "the books cannot be checked"],
  ];
  for (const [change, problem] of waits)
    expect(await guardPool({ ...guard, sources: { ...guard.sources, ...change } })).toMatchObject({ result: "waits", problems: [problem] });
  expect(await guardPool(guard)).toMatchObject({ result: "good", problems: [] });
}

describe("from a deposit to a claim", () => {
  test("two devices earn, their wallets claim, the owner gets the rest back, and the chain holds what the books say to the unit", async () => {
    const { owner, jobId } = await ownerWithJob(100_000n);
    expect((await balancesOf(owner.address)).spending).toMatchObject({
      availableMicro: "79000",
      escrowMicro: "21000",
      releasableMicro: "79000",
      grantedMicro: "0",
    });
    const [one, two] = [await makeEarner(), await makeEarner()];
    await settle(jobId, one.deviceId, 3);
    await settle(jobId, two.deviceId, 2);
    expect((await balancesOf(one.wallet.address)).earning).toMatchObject({ verifiedMicro: "3000", publishingMicro: "0" });
    await roundsUntil("proposed");
    expect((await balancesOf(one.wallet.address)).earning).toMatchObject({ verifiedMicro: "0", publishingMicro: "3000", claimableMicro: "0" });
    await roundsUntil("finalized");
    for (const [earner, amount] of [
      [one, 3000n],
      [two, 2000n],
    ] as const) {
      const proof = await getProof({ ...services, principal: { kind: "anonymous" } }, { address: earner.wallet.address });
      expect(proof).toMatchObject({ isInTree: true, cumulativeMicro: String(amount), claimableMicro: String(amount), epoch: 1 });
      await chain.claim(proof);
      expect(await chain.balanceOf(earner.wallet.address)).toBe(amount);
    }
    await expectVerifiable();
    await chain.confirm();
    await round();
    expect((await balancesOf(one.wallet.address)).earning).toMatchObject({ claimableMicro: "0", claimedMicro: "3000" });
    await endJob(services, { jobId, state: "cancelled" });
    expect(await getAccountBalance(services.db, await accountOf(owner.address), 0)).toEqual({ availableMicro: 94_750n, escrowMicro: 0n });
    const held = await chain.balanceOf(chain.escrow);
    expect(held).toBe(94_750n + 250n);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("a second epoch adds to the first: who claims late is paid both, and who earned nothing keeps their leaf", async () => {
    const { jobId } = await ownerWithJob(100_000n);
    const [one, two] = [await makeEarner(), await makeEarner()];
    await settle(jobId, one.deviceId, 3);
    await settle(jobId, two.deviceId, 1);
    await roundsUntil("finalized");
    await settle(jobId, one.deviceId, 4);
    services.clock.advance(2000);
    await round();
    await roundsUntil("proposed");
    await expectPatience();
    await roundsUntil("finalized");
    expect((await findLatestEpoch(services.db, chain.config.chain.id))?.no).toBe(2);
    const claims = await Promise.all([one, two].map(({ wallet }) => getProof({ ...services, principal: { kind: "anonymous" } }, { address: wallet.address })));
    for (const claim of claims) await chain.claim(claim);
    expect([await chain.balanceOf(one.wallet.address), await chain.balanceOf(two.wallet.address)]).toEqual([7000n, 1000n]);
    await chain.confirm();
    await round();
    expect(await checkLedger(services.db)).toEqual([]);
  });
});

test("an operator pays many claims at once: whole subtrees with one proof, the others singly; who claimed before is passed over, and a repeat pays nobody", async () => {
  const { jobId } = await ownerWithJob(1_000_000n, { shards: 200 });
  const earners = [];
  for (let i = 0; i < 37; i += 1) earners.push(await makeEarner());
  for (const [i, { deviceId }] of earners.entries()) await settle(jobId, deviceId, i === 0 ? 1 : 2);
  await roundsUntil("finalized");
  const [first, second] = earners;
  const claim = async (address = "") => await chain.claim(await getProof({ ...services, principal: { kind: "anonymous" } }, { address }));
  await claim(second?.wallet.address);
  const payer = devAccount(8);
  const paid = await payClaims(services, payer, { leastMicro: 1001n });
  // Of 37 leaves 16 lie in a whole subtree, which is paid whole, also to who has less than the least; the books do not know of the claim yet.
  const littleMicro = await chain.balanceOf(first?.wallet.address ?? "0x");
  expect(paid.amountMicro).toBe(35n * 2000n + littleMicro);
  expect(paid.transactions).toBeLessThanOrEqual(1 + 37 - 16);
  for (const { wallet } of earners.slice(2)) expect(await chain.balanceOf(wallet.address)).toBe(2000n);
  expect(await chain.balanceOf(second?.wallet.address ?? "0x")).toBe(2000n);
  await chain.confirm();
  await round();
  expect(await payClaims(services, payer, { leastMicro: 1001n })).toEqual({ payees: 0, amountMicro: 0n, transactions: 0 });
  expect(await checkLedger(services.db)).toEqual([]);
});

describe("when something goes wrong", () => {
  const epochNow = async () => await findLatestEpoch(services.db, chain.config.chain.id);

  test("a veto books everything back, and the next epoch pays it; nobody is paid twice", async () => {
    const { owner, jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await settle(jobId, earner.deviceId, 3);
    await roundsUntil("proposed");
    const debits = await listDebits(services.db, chain.config.chain.id, 1);
    await chain.act(chain.accounts.guardian, "veto", [debits]);
    await chain.confirm();
    await round();
    expect(await findEpoch(services.db, chain.config.chain.id, 1)).toMatchObject({ state: "vetoed" });
    expect(await services.db`select 1 from account_postings where ref ^@ 'payback:' and side = 'publishing' and amount_micro = -3000`).toHaveLength(1);
    expect(await checkLedger(services.db)).toEqual([]);
    await chain.act(chain.accounts.admin, "setOperator", [chain.accounts.operator.address]);
    await roundsUntil("finalized");
    expect(await epochNow()).toMatchObject({ no: 2, netMicro: 3000n });
    expect((await balancesOf(earner.wallet.address)).earning).toMatchObject({ claimableMicro: "3000", publishingMicro: "0", verifiedMicro: "0" });
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("79000");
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("a deposit that a reorganisation takes away before it is confirmed was never booked; one after freezes the pool", async () => {
    const owner = nextPerson();
    await chain.deposit(owner, 5000n);
    await round();
    await services.db`insert into accounts (id, address) values (gen_random_uuid(), ${owner.address})`;
    const seen = await listBudgets({ ...services, principal: principal(await accountOf(owner.address), owner.address) }, {});
    expect(seen).toMatchObject({ budgets: [], pendingDeposits: [{ amountMicro: "5000", confirmations: 0, needed: 1 }] });
    await chain.client.request({ method: "anvil_reorg" as never, params: [1, []] as never });
    await chain.confirm();
    await round();
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("0");
    expect(await listBudgets({ ...services, principal: principal(await accountOf(owner.address), owner.address) }, {})).toEqual({
      budgets: [],
      pendingDeposits: [],
    });

    await chain.deposit(owner, 5000n);
    await chain.confirm(2);
    await round();
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("5000");
    await chain.client.request({ method: "anvil_reorg" as never, params: [4, []] as never });
    await chain.confirm();
    await round();
    expect((await findPool(services.db, chain.config.chain.id))?.frozen).toContain("no longer in the chain");
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("5000");
  });

  test("rounds at the same time, and again, book each event once", async () => {
    const owner = nextPerson();
    for (let i = 0; i < 3; i += 1) await chain.deposit(owner, 1000n);
    await chain.confirm();
    await Promise.allSettled([round(), round(), round()]);
    await round();
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("3000");
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("what the chain's server left out at the first reading is booked at the second, once", async () => {
    const owner = nextPerson();
    await chain.deposit(owner, 1000n);
    await chain.confirm();
    await round();
    // As if it had been left out: neither the event nor what it booked is there.
    await services.db`delete from chain_events`;
    await services.db`delete from account_postings where ref ^@ 'deposit:'`;
    await services.db`delete from budgets`;
    await chain.confirm(5);
    await round();
    await round();
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("1000");
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("a chain that does not answer, or lists no logs, costs rounds and nothing else: a deposit of that time is booked afterwards, once", async () => {
    const owner = nextPerson();
    await chain.deposit(owner, 1000n);
    await chain.confirm();
    await round();
    const silent = await limitLogRanges(services.config.chain.rpcUrl ?? "", 0);
    onTestFinished(silent.close);
    await chain.deposit(owner, 500n);
    await chain.confirm();
    for (const rpcUrl of ["http://127.0.0.1:9", silent.rpcUrl])
      await expect(runPayouts({ ...services, config: { ...services.config, chain: { ...services.config.chain, rpcUrl } } })).rejects.toThrow();
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("1000");
    await round();
    await round();
    const deposits = await services.db`select amount_micro as amount from account_postings where ref ^@ 'deposit:' and side = 'available' order by created_at`;
    expect(deposits).toEqual([{ amount: 1000n }, { amount: 500n }]);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("a proposal that somebody else makes with the operator's key freezes payouts, and the guardian vetoes it", async () => {
    const { jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await settle(jobId, earner.deviceId, 3);
    const [budget] = await services.db<{ key: `0x${string}` }[]>`select key from budgets`;
    const thief = nextPerson().address;
    const stolen = toHex(rootOf(buildMerkleTree(packEarnings([{ account: thief.toLowerCase() as `0x${string}`, cumulative: 50_000n }]), keccakMerkleHasher)));
    await chain.act(chain.accounts.operator, "propose", [stolen, 50_000n, `0x${"ab".repeat(32)}`, [{ budget: budget?.key, amount: 50_000n }]]);
    await chain.confirm();
    await round();
    expect((await findPool(services.db, chain.config.chain.id))?.frozen).toContain("somebody else");
    expect(await guardPool(openGuard(services, chain))).toMatchObject({ result: "waits" });
    await chain.passSeconds(50);
    expect(await guardPool(openGuard(services, chain))).toMatchObject({
      result: "vetoed",
      problems: expect.arrayContaining(["the public file cannot be had"]),
    });
    expect(await guardPool(openGuard(services, chain))).toMatchObject({ result: "none" });
  });

  test("the guardian lets an honest epoch pass, and vetoes one whose books were doctored", async () => {
    const { jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await settle(jobId, earner.deviceId, 3);
    await roundsUntil("proposed");
    expect(await guardPool(openGuard(services, chain))).toMatchObject({ result: "good", problems: [] });
    await services.db`update account_postings set amount_micro = amount_micro - 1 where side = 'publishing' and account_id = ${uuidOf(await accountOf(earner.wallet.address))}`;
    const watched = await guardPool(openGuard(services, chain));
    expect(watched.result).toBe("vetoed");
    expect(watched.problems.join("; ")).toContain("by the books it earned 2999");
  });
});

describe("an owner takes money out", () => {
  const asOwner = async (address: string) => ({ ...services, principal: principal(await accountOf(address), address) });

  test("a signed release pays the wallet at once and cannot be used again; more than is free is refused", async () => {
    const { owner } = await ownerWithJob(100_000n);
    const ctx = await asOwner(owner.address);
    const wish = { budgetId: STANDING_BUDGET_ID };
    await expect(createRelease(ctx, { ...wish, amountMicro: "79001" })).rejects.toMatchObject({ code: "release_short", params: { have: "79000" } });
    const release = await createRelease(ctx, { ...wish, amountMicro: "79000" });
    await expect(createRelease(ctx, { ...wish, amountMicro: "1" })).rejects.toMatchObject({ code: "conflict" });
    await expect(makeJob(services, await accountOf(owner.address), { shardCount: 1 })).rejects.toMatchObject({ code: "funds_short" });
    const args = [release.budgetId, release.to, BigInt(release.amountMicro), BigInt(Date.parse(release.deadline) / 1000), release.signature];
    await chain.client.setNextBlockTimestamp({ timestamp: BigInt(Math.floor(Date.now() / 1000) + 10) }).catch(() => {});
    // The test's clock stands in the past, and the chain's does not: the deadline is over there.
    await expect(chain.act(owner, "release", args)).rejects.toThrow("SignatureExpired");
    await chain.confirm();
    await round();
    expect((await balancesOf(owner.address)).spending).toMatchObject({ availableMicro: "79000", releasingMicro: "0" });

    services.clock.advance(Date.now() - services.clock.now().getTime() + 120_000);
    const good = await createRelease(await asOwner(owner.address), { ...wish, amountMicro: "70000" });
    const goodArgs = [good.budgetId, good.to, BigInt(good.amountMicro), BigInt(Date.parse(good.deadline) / 1000), good.signature];
    await chain.act(owner, "release", goodArgs);
    await expect(chain.act(owner, "release", goodArgs)).rejects.toThrow("SignatureInvalid");
    await chain.confirm();
    await round();
    expect(await chain.balanceOf(owner.address)).toBe(70_000n);
    expect((await balancesOf(owner.address)).spending).toMatchObject({ availableMicro: "9000", releasingMicro: "0" });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("somebody else's budget, nothing, and a key are refused", async () => {
    const { owner } = await ownerWithJob(100_000n);
    const stranger = await makeEarner();
    await expect(createRelease(await asOwner(stranger.wallet.address), { budgetId: STANDING_BUDGET_ID, amountMicro: "1" })).rejects.toMatchObject({
      code: "not_found",
    });
    const ctx = await asOwner(owner.address);
    await expect(createRelease(ctx, { budgetId: STANDING_BUDGET_ID, amountMicro: "0" })).rejects.toMatchObject({ code: "bad_request" });
    const withKey = { ...ctx, principal: { ...ctx.principal, scopes: ["jobs:write" as const] } };
    await expect(createRelease(withKey, { budgetId: STANDING_BUDGET_ID, amountMicro: "1" })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("asking the contract for the way out ends the jobs that count on that money; what they earned is paid first, the rest is withdrawn", async () => {
    const { owner, jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await settle(jobId, earner.deviceId, 2);
    await chain.act(owner, "requestWithdraw", [STANDING_BUDGET_ID]);
    await chain.confirm();
    services.clock.advance(Date.now() - services.clock.now().getTime());
    await round();
    const [job] = await services.db<{ state: string; reason: { code: string } }[]>`select state, reason from jobs where id = ${uuidOf(jobId)}`;
    expect(job).toMatchObject({ state: "cancelled", reason: { code: "budget_leaving" } });
    await expect(makeJob(services, await accountOf(owner.address), { shardCount: 1 })).rejects.toMatchObject({ code: "funds_short" });
    await roundsUntil("finalized");
    await chain.passSeconds(700);
    await chain.act(owner, "withdraw", [STANDING_BUDGET_ID, owner.address]);
    await chain.confirm();
    await round();
    expect(await chain.balanceOf(owner.address)).toBe(97_900n);
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("0");
    expect((await balancesOf(earner.wallet.address)).earning.claimableMicro).toBe("2000");
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("earnings of a device that nobody linked go to the reserve once the stated time after it was last seen is over, and not before", async () => {
    const { jobId } = await ownerWithJob(100_000n);
    const [gone, recent] = [(await makeDevice(services)).deviceId, (await makeDevice(services)).deviceId];
    await settle(jobId, gone, 3);
    await settle(jobId, recent, 2);
    const [now, { unlinkedMs }] = [services.clock.now().getTime(), services.config];
    const setSeen = async (deviceId: DeviceId, ms: number) =>
      await services.db`update devices set last_seen_at = ${new Date(ms)} where id = ${uuidOf(deviceId)}`;
    await setSeen(gone, now - unlinkedMs + 60_000);
    await setSeen(recent, now);
    await round();
    expect(await findLatestEpoch(services.db, chain.config.chain.id)).toBeNull();
    await setSeen(gone, now - unlinkedMs - 60_000);
    await roundsUntil("finalized");
    expect((await balancesOf(chain.accounts.admin.address)).earning.claimableMicro).toBe("3000");
    expect((await sumDevice(services.db, recent)).vestedMicro).toBe(2000n);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  /** An owner with a job of which a device that nobody linked has earned 2000, and which holds 1000 that checks may take back, asks for the way out. */
  async function leavingOwner() {
    const { owner, jobId } = await ownerWithJob(100_000n);
    const { deviceId } = await makeDevice(services);
    await settle(jobId, deviceId, 2);
    const pending = {
      jobId,
      ref: "settle:pending",
      lines: [
        { side: "pending" as const, deviceId, amountMicro: PRICE },
        { side: "escrow" as const, amountMicro: -PRICE },
      ],
    };
    await transaction(services.db, (tx) => postJobGroup(tx, pending));
    await services.db`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      values (${uuidOf(jobId)}, 3, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes')`;
    await services.db`
      insert into holds (job_id, no, round, assurance, window_no, device_id, cluster_id, stratum, rate, lot, "check", created_at)
      values (${uuidOf(jobId)}, 3, 0, 'standard', 1, ${uuidOf(deviceId)}, gen_random_uuid(), 0, 0.1, 0.5, 'none', now())`;
    await chain.act(owner, "requestWithdraw", [STANDING_BUDGET_ID]);
    await chain.confirm();
    services.clock.advance(Date.now() - services.clock.now().getTime());
    await services.db`update devices set last_seen_at = ${services.clock.now()} where id = ${uuidOf(deviceId)}`;
    await round();
    return { owner, deviceId };
  }

  async function withdrawAfterDelay(owner: ReturnType<typeof nextPerson>): Promise<void> {
    await chain.passSeconds(700);
    await chain.act(owner, "withdraw", [STANDING_BUDGET_ID, owner.address]);
    await chain.confirm();
    await round();
  }

  test("before an owner is out, what nobody has linked goes to the reserve; what is still being checked then is lost, and the books say so", async () => {
    const { owner } = await leavingOwner();
    expect(await findLatestEpoch(services.db, chain.config.chain.id)).toBeNull();
    services.clock.advance(500_000);
    await roundsUntil("finalized");
    expect((await balancesOf(chain.accounts.admin.address)).earning.claimableMicro).toBe("2000");
    await withdrawAfterDelay(owner);
    expect(await chain.balanceOf(owner.address)).toBe(97_900n);
    expect((await balancesOf(owner.address)).spending).toMatchObject({ availableMicro: "0", escrowMicro: "0" });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("pay in a device's reserve is earned before the owner who pays it is out, and paid", async () => {
    const { owner, jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await transaction(services.db, async (tx) => {
      const lines = [
        { side: "pending" as const, deviceId: earner.deviceId, amountMicro: 2n * PRICE },
        { side: "escrow" as const, amountMicro: -2n * PRICE },
      ];
      await postJobGroup(tx, { jobId, ref: "settle:reserved", lines });
      await tx`insert into reserved_pay (device_id, job_id, payments, price_micro) values (${uuidOf(earner.deviceId)}, ${uuidOf(jobId)}, 2, ${String(PRICE)})`;
      await tx`
        insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
        select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(earner.deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, 2) as n`;
    });
    await chain.act(owner, "requestWithdraw", [STANDING_BUDGET_ID]);
    await chain.confirm();
    services.clock.advance(Date.now() - services.clock.now().getTime() + 500_000);
    await roundsUntil("finalized");
    expect((await balancesOf(earner.wallet.address)).earning).toMatchObject({ claimableMicro: "2000", reservedMicro: "0", pendingMicro: "0" });
    await withdrawAfterDelay(owner);
    expect(await chain.balanceOf(owner.address)).toBe(98_000n);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("an owner who is out before any epoch could take something leaves books that hold, and other owners' epochs go on", async () => {
    const { owner, deviceId } = await leavingOwner();
    await withdrawAfterDelay(owner);
    expect(await chain.balanceOf(owner.address)).toBe(100_000n);
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("0");
    expect((await sumDevice(services.db, deviceId)).paidMicro).toBe(0n);
    expect(await checkLedger(services.db)).toEqual([]);
    const { jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await settle(jobId, earner.deviceId, 1);
    await roundsUntil("proposed");
    expect(await guardPool(openGuard(services, chain))).toMatchObject({ result: "good" });
  });

  test("a budget's own cap bounds what an epoch takes; the rest of the pay waits and comes with the next ones", async () => {
    const { jobId } = await ownerWithJob(100_000n, { cap: 2100n });
    const [one, two] = [await makeEarner(), await makeEarner()];
    await settle(jobId, one.deviceId, 3);
    await settle(jobId, two.deviceId, 1);
    for (let no = 1; no <= 2; no += 1) {
      services.clock.advance(2000);
      await round();
      await roundsUntil("finalized");
    }
    const paid = await Promise.all([one, two].map(async ({ wallet }) => (await balancesOf(wallet.address)).earning));
    expect(paid.map(({ claimableMicro, verifiedMicro }) => BigInt(claimableMicro) + BigInt(verifiedMicro))).toEqual([3000n, 1000n]);
    expect(paid.reduce((sum, { claimableMicro }) => sum + BigInt(claimableMicro), 0n)).toBeGreaterThanOrEqual(3990n);
    expect(await checkLedger(services.db)).toEqual([]);
  });
});

describe("a process that is killed", () => {
  /** One round in a process of its own that dies before its n-th statement; null if the round ended before, else that it died. */
  async function dieAt(statement: number): Promise<boolean> {
    const text = JSON.stringify(services.config, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
    const program = ["--conditions=react-server", "lib/server/payouts/testing/die-at-statement.ts"];
    const child = spawn(process.execPath, [...program, text, services.clock.now().toISOString(), String(statement)], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    if (signal !== "SIGKILL" && code !== 0) throw new Error(`the round ended with ${code}`);
    return signal === "SIGKILL";
  }

  /** The same within this process: the statement fails, and with it everything that hangs on it. */
  async function failAt(statement: number): Promise<boolean> {
    let sent = 0;
    const onStatement = () => {
      sent += 1;
      if (sent === statement) throw new Error("the process ended here");
    };
    const db = openDatabase(services.databaseUrl, { connectionsMax: 2, onStatement });
    try {
      await runPayouts({ ...services, db });
      return false;
    } catch {
      return true;
    } finally {
      await db.end();
    }
  }

  /** Every tenth time the process itself is killed, which takes a second. */
  const endEarly = async (i: number, statement: number) => await (i % 10 === 0 ? dieAt(statement) : failAt(statement));

  /** Rounds that end at random statements, early and late ones alike, until the epoch is final; how many of them ended so. */
  async function dieOften(): Promise<number> {
    const draw = drawFrom(TEST_SEED);
    let deaths = 0;
    let state: string | undefined;
    for (let i = 0; i < atSize(40, 400) || state !== "finalized"; i += 1) {
      services.clock.advance(2000);
      deaths += Number(await endEarly(i, 1 + draw.upTo(i % 2 === 0 ? 20 : 60)));
      await chain.passSeconds(state === "proposed" ? 61 : 1);
      state = (await findLatestEpoch(services.db, chain.config.chain.id))?.state;
      expect(await checkLedger(services.db)).toEqual([]);
    }
    return deaths;
  }

  test("before any statement of any step is followed by one that ends the epoch rightly: paid once, books and chain equal", async () => {
    const { owner, jobId } = await ownerWithJob(100_000n);
    const earner = await makeEarner();
    await settle(jobId, earner.deviceId, 3);
    expect(await dieOften()).toBeGreaterThan(3);
    await roundsUntil("finalized");
    expect(await findLatestEpoch(services.db, chain.config.chain.id)).toMatchObject({ no: 1, netMicro: 3000n });
    await chain.claim(await getProof({ ...services, principal: { kind: "anonymous" } }, { address: earner.wallet.address }));
    await chain.confirm();
    await round();
    expect(await chain.balanceOf(earner.wallet.address)).toBe(3000n);
    expect((await balancesOf(earner.wallet.address)).earning).toMatchObject({ claimedMicro: "3000", claimableMicro: "0" });
    expect((await balancesOf(owner.address)).spending.availableMicro).toBe("79000");
    expect(await checkLedger(services.db)).toEqual([]);
  }, 120_000);
});
