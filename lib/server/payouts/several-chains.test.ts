import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { idOf, uuidOf } from "#lib/domain/ids.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { findAccountByAddress } from "../accounts/account-store.ts";
import { callChain, callNamedChain } from "../chain/call-chain.ts";
import { onChain } from "../chain/choose-chain.ts";
import { followChain } from "../chain/follow-chain.ts";
import { getChain } from "../chain/get-chain.ts";
import { devAccount, openTestChain, type TestChain } from "../chain/testing/open-test-chain.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { createRelease } from "../ledger/budgets/create-release.ts";
import { listBudgets } from "../ledger/budgets/list-budgets.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getBalances } from "../ledger/get-balances.ts";
import { listStatement } from "../ledger/statement/list-statement.ts";
import { getStatus } from "../operations/get-status.ts";
import type { AccountPrincipal } from "../principal.ts";
import { findLatestEpoch } from "./epoch-store.ts";
import { getEpoch } from "./get-epoch.ts";
import { getProof } from "./get-proof.ts";
import { listEarnings } from "./list-earnings.ts";
import { payClaims } from "./pay-claims.ts";
import { runPayouts } from "./run-payouts.ts";

/* One instance on two chains: what is deposited, earned and claimed on one of them is never mixed with the other. */
const FIRST = 31_337;
const FURTHER = 8453;
const PRICE = 1000n;
const FEE_BPS = 500;
const [owner, earner] = [devAccount(10), devAccount(11)];

let first: TestChain;
let further: TestChain;
let services: TestServices;
beforeEach(async () => {
  [first, further] = [await openTestChain({}, FIRST), await openTestChain({}, FURTHER)];
  const { chain, pool } = further.config;
  services = await openTestServices({ ...first.config, furtherChains: [{ chain, pool }], faucetMicro: 0n });
  services.clock.advance(Date.now() - services.clock.now().getTime());
});
afterEach(async () => {
  await services.close();
  await first.stop();
  await further.stop();
});

const both = () => [first, further];
const anonymous = () => ({ ...services, principal: { kind: "anonymous" as const } });

async function as({ address }: { address: string }) {
  await services.db`insert into accounts (id, address) values (gen_random_uuid(), ${address}) on conflict do nothing`;
  const account = await findAccountByAddress(services.db, address);
  if (!account) throw new Error(`${address} has no account`);
  const principal: AccountPrincipal = { kind: "account", accountId: account.id, address, roles: [], scopes: null };
  return { ...services, principal };
}

/** Blocks and time on both chains, and a round after each. */
async function rounds(count: number, seconds = 0): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    if (seconds > 0) services.clock.advance(seconds * 1000);
    for (const chain of both()) await (seconds > 0 ? chain.passSeconds(seconds) : chain.confirm());
    await runPayouts(services);
  }
}

/** A job of the owner's on the chain of a purse, of which a device has earned the pay of so many replicas. */
async function earn(purse: number, replicas: number, deviceId: Awaited<ReturnType<typeof makeDevice>>["deviceId"]) {
  const { accountId } = (await as(owner)).principal;
  const shape = { shardCount: replicas, replicasMax: 1, quorum: 1, priceMicro: PRICE, feeBps: FEE_BPS, purse };
  const { jobId } = await makeJob(services, accountId, shape);
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, ${replicas}::int) as n`;
    await settleReplicas(tx, { jobId, priceMicro: PRICE, feeBps: FEE_BPS }, [{ deviceId, agreed: "yes", isVested: true, count: replicas, durationMs: 5 }]);
  });
  return jobId;
}

async function linkedDevice() {
  const { deviceId } = await makeDevice(services);
  await services.db`update devices set account_id = ${uuidOf((await as(earner)).principal.accountId)}, linked_at = now() where id = ${uuidOf(deviceId)}`;
  return deviceId;
}

async function deposit(): Promise<void> {
  await first.deposit(owner, 20_000n);
  await further.deposit(owner, 50_000n);
  await rounds(2);
}

/** From what is earned to finalized epochs on both chains. */
const publish = async () => {
  await rounds(3, 2);
  await rounds(2);
  await rounds(3, 61);
  await rounds(2);
};

describe("an instance on two chains", () => {
  test("keeps deposits, jobs, epochs and claims of each on it: wallets get exactly what the books say, and no signature is worth anything on the other", async () => {
    await deposit();
    const balances = async (who: { address: string }) => await getBalances(await as(who), {});
    expect((await balances(owner)).chains.map(({ chainId, spending }) => [chainId, spending.availableMicro])).toEqual([
      [FIRST, "20000"],
      [FURTHER, "50000"],
    ]);
    expect((await balances(owner)).spending.availableMicro).toBe("70000");
    const deviceId = await linkedDevice();
    // More than is on the first chain, less than on both.
    await expect(earn(0, 30, deviceId)).rejects.toMatchObject({ code: "funds_short", params: { have: "20000" } });
    await earn(0, 3, deviceId);
    await earn(FURTHER, 7, deviceId);
    await publish();
    expect(await checkLedger(services.db)).toEqual([]);
    for (const [chain, due] of [
      [first, 3000n],
      [further, 7000n],
    ] as const) {
      const chainId = chain.config.chain.id;
      expect(await findLatestEpoch(services.db, chainId)).toMatchObject({ no: 1, state: "finalized", netMicro: due });
      expect(await getEpoch(anonymous(), { no: 1, chainId })).toMatchObject({ netMicro: String(due) });
      const proof = await getProof(anonymous(), { address: earner.address, chainId });
      expect(proof).toMatchObject({ chainId, cumulativeMicro: String(due), claimableMicro: String(due) });
      await chain.claim(proof);
    }
    // Each proof is good on its own chain alone.
    await expect(further.claim(await getProof(anonymous(), { address: earner.address, chainId: FIRST }))).rejects.toThrow("InvalidProof");
    await rounds(2);
    const { earning, chains } = await balances(earner);
    expect(earning).toMatchObject({ verifiedMicro: "0", publishingMicro: "0", claimableMicro: "0", claimedMicro: "10000" });
    expect(chains.map((one) => one.earning.claimedMicro)).toEqual(["3000", "7000"]);
    expect([await first.balanceOf(earner.address), await further.balanceOf(earner.address)]).toEqual([3000n, 7000n]);
    const rows = (await listEarnings(await as(earner), { limit: 50 })).rows;
    expect(rows.filter(({ kind }) => kind === "claimed").map(({ chainId, amountMicro }) => [chainId, amountMicro])).toEqual(
      expect.arrayContaining([
        [FIRST, "3000"],
        [FURTHER, "7000"],
      ]),
    );
    expect(
      (await listStatement(await as(owner), { limit: 50, kind: "deposit" })).rows.map(({ chainId }) => chainId).toSorted((a, b) => Number(b) - Number(a)),
    ).toEqual([FIRST, FURTHER]);
    // A second epoch on one chain pays what came since, and nothing of the other chain's claims counts there.
    await earn(0, 2, deviceId);
    await publish();
    expect(await getProof(anonymous(), { address: earner.address })).toMatchObject({
      epoch: 2,
      cumulativeMicro: "5000",
      claimedMicro: "3000",
      claimableMicro: "2000",
    });
    expect(await payClaims(services, first.accounts.sponsor, { leastMicro: 1n })).toMatchObject({ payees: 1, amountMicro: 2000n });
    expect(await payClaims(onChain(services, FURTHER), further.accounts.sponsor, { leastMicro: 1n })).toMatchObject({ payees: 0 });
    await rounds(2);
    // Nothing of the first chain's money can be taken out on the further one.
    await expect(createRelease(await as(owner), { budgetId: STANDING_BUDGET_ID, amountMicro: "42651", chainId: FURTHER })).rejects.toMatchObject({
      code: "release_short",
      params: { have: "42650" },
    });
    for (const [chain, rest] of [
      [first, 20_000n - 5250n],
      [further, 50_000n - 7350n],
    ] as const) {
      const chainId = chain.config.chain.id;
      const release = await createRelease(await as(owner), { budgetId: STANDING_BUDGET_ID, amountMicro: String(rest), chainId });
      const args = [release.budgetId, release.to, BigInt(release.amountMicro), BigInt(Date.parse(release.deadline) / 1000), release.signature];
      const other = chain === first ? further : first;
      await expect(other.act(owner, "release", args)).rejects.toThrow("SignatureInvalid");
      await chain.act(owner, "release", args);
      await rounds(2);
      expect(await chain.balanceOf(owner.address)).toBe(rest);
      expect(await listBudgets(await as(owner), { chainId })).toMatchObject({ budgets: [{ balanceMicro: "0" }] });
    }
    expect((await balances(owner)).spending).toMatchObject({ availableMicro: "0", escrowMicro: "0" });
    expect(await checkLedger(services.db)).toEqual([]);
  }, 120_000);

  test("goes on with one while the other does not answer, says that, and catches up", async () => {
    await deposit();
    const deviceId = await linkedDevice();
    await earn(0, 3, deviceId);
    await earn(FURTHER, 7, deviceId);
    const [there] = services.config.furtherChains;
    if (!there) throw new Error("a further chain is needed");
    const dead = { ...services, config: { ...services.config, furtherChains: [{ ...there, chain: { ...there.chain, rpcUrl: "http://127.0.0.1:9" } }] } };
    const finish = async () => (await findLatestEpoch(services.db, FIRST))?.state;
    for (let i = 0; i < 12 && (await finish()) !== "finalized"; i += 1) {
      services.clock.advance(61_000);
      await first.passSeconds(61);
      await first.confirm();
      await expect(runPayouts(dead)).rejects.toThrow(`payouts on chain ${FURTHER} failed`);
    }
    expect(await finish()).toBe("finalized");
    expect(await findLatestEpoch(services.db, FURTHER)).toBeNull();
    services.clock.advance(600_000);
    await runPayouts(dead).catch(() => undefined);
    expect((await getStatus({ ...dead, principal: { kind: "anonymous" } })).parts.find(({ part }) => part === "chain")).toMatchObject({ state: "late" });
    await publish();
    expect(await findLatestEpoch(services.db, FURTHER)).toMatchObject({ state: "finalized", netMicro: 7000n });
    expect(await checkLedger(services.db)).toEqual([]);
  }, 120_000);

  test("ends only the jobs of the chain that an owner leaves by the way that needs nobody", async () => {
    await deposit();
    const deviceId = await linkedDevice();
    const here = await earn(0, 3, deviceId);
    const there = await makeJob(services, (await as(owner)).principal.accountId, {
      shardCount: 10,
      replicasMax: 1,
      quorum: 1,
      priceMicro: PRICE,
      feeBps: FEE_BPS,
      purse: FURTHER,
    });
    await further.act(owner, "requestWithdraw", [STANDING_BUDGET_ID]);
    await rounds(2);
    const states = await services.db<{ id: string; state: string }[]>`select id, state from jobs`;
    expect(new Map(states.map(({ id, state }) => [idOf("job", id), state]))).toEqual(
      new Map([
        [here, "running"],
        [there.jobId, "cancelled"],
      ]),
    );
    await expect(makeJob(services, (await as(owner)).principal.accountId, { shardCount: 1, purse: FURTHER })).rejects.toMatchObject({ code: "funds_short" });
    await endJob(services, { jobId: here, state: "cancelled" });
    expect(await checkLedger(services.db)).toEqual([]);
  }, 60_000);

  test("shows both pools, passes calls on to the chain that is named, and knows no third", async () => {
    await runPayouts(services);
    const { pool, furtherPools } = await getChain(anonymous(), {});
    expect([pool?.chainId, furtherPools.map(({ chainId }) => chainId)]).toEqual([FIRST, [FURTHER]]);
    const call = { jsonrpc: "2.0" as const, id: 1, method: "eth_chainId", params: [] };
    expect((await callChain(anonymous(), call)).result).toBe("0x7a69");
    expect((await callNamedChain(anonymous(), { ...call, chainId: FURTHER })).result).toBe("0x2105");
    await expect(callNamedChain(anonymous(), { ...call, chainId: 5 })).rejects.toMatchObject({ code: "chain_unknown" });
    await expect(getProof(anonymous(), { address: earner.address, chainId: 5 })).rejects.toMatchObject({ code: "chain_unknown" });
    const release = { budgetId: STANDING_BUDGET_ID, amountMicro: "1", chainId: 5 };
    await expect(createRelease(await as(owner), release)).rejects.toMatchObject({ code: "chain_unknown" });
  }, 60_000);

  test("refuses settings that would make one chain's money another's", async () => {
    await runPayouts(services);
    const swapped = { ...services.config, ...further.config, furtherChains: [{ chain: first.config.chain, pool: first.config.pool }] };
    await expect(followChain({ ...services, config: swapped })).rejects.toThrow(`Chain ${FURTHER} is a further chain in the books`);
    const third = await openTestChain({}, 10);
    const moved = { ...services.config, ...third.config, furtherChains: [] };
    await expect(followChain({ ...services, config: moved })).rejects.toThrow(`The first chain in the books of this instance is ${FIRST}`);
    await third.stop();
  }, 60_000);
});
