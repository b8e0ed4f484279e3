import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AccountId, type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { findAccountByAddress } from "../accounts/account-store.ts";
import { devAccount, openTestChain, type TestChain } from "../chain/testing/open-test-chain.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getBalances } from "../ledger/get-balances.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { settleReplicas } from "../ledger/settle-replicas.ts";
import type { AccountPrincipal } from "../principal.ts";
import { findLatestEpoch } from "./epoch-store.ts";
import { getProof } from "./get-proof.ts";
import { runPayouts } from "./run-payouts.ts";

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
    await chain.confirm();
    await round();
    expect((await balancesOf(one.wallet.address)).earning).toMatchObject({ claimableMicro: "0", claimedMicro: "3000" });
    await endJob(services, { jobId, state: "cancelled" });
    expect(await getAccountBalance(services.db, await accountOf(owner.address))).toEqual({ availableMicro: 94_750n, escrowMicro: 0n });
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
