import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountId, type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import { CLAIM_TO_TYPES, claimDomain } from "#lib/domain/payouts/claim-order.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { findAccountByAddress } from "../../accounts/account-store.ts";
import { devAccount, openTestChain, type TestChain } from "../../chain/testing/open-test-chain.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { checkLedger } from "../../ledger/check-ledger.ts";
import { getBalances } from "../../ledger/get-balances.ts";
import type { AccountPrincipal } from "../../principal.ts";
import { findLatestEpoch } from "../epoch-store.ts";
import { runPayouts } from "../run-payouts.ts";
import { relayClaim } from "./relay-claim.ts";

const FEE = 500n;
const PRICE = 1000n;
const relayer = devAccount(9);
let chain: TestChain;
let services: TestServices;
let people = 10;
let owner: AccountId;

beforeAll(async () => {
  chain = await openTestChain();
  const key = `0x${Buffer.from(relayer.getHdKey().privateKey ?? []).toString("hex")}` as const;
  const pool = { ...chain.config.pool, relayer: { key, feeMicro: FEE } };
  services = await openTestServices({ ...chain.config, pool, faucetMicro: 0n });
  services.clock.advance(Date.now() - services.clock.now().getTime());
  const wallet = devAccount(8);
  await chain.deposit(wallet, 10_000_000n);
  await chain.confirm();
  await runPayouts(services);
  owner = await accountOf(wallet.address);
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
  await chain.stop();
});

type Wallet = ReturnType<typeof devAccount>;

async function accountOf(address: string): Promise<AccountId> {
  const account = await findAccountByAddress(services.db, address);
  if (!account) throw new Error(`${address} has no account`);
  return account.id;
}

/** Somebody whose device earned so many times 1000, published and not claimed; the wallet holds no gas. */
async function makeEarner(count: number): Promise<{ wallet: Wallet; ctx: Context; deviceId: DeviceId }> {
  const wallet = devAccount(people++);
  const { deviceId } = await makeDevice(services);
  await services.db`insert into accounts (id, address) values (gen_random_uuid(), ${wallet.address})`;
  const accountId = await accountOf(wallet.address);
  await services.db`update devices set account_id = ${uuidOf(accountId)}, linked_at = now() where id = ${uuidOf(deviceId)}`;
  await earn(deviceId, count);
  await chain.client.setBalance({ address: wallet.address, value: 0n });
  const principal: AccountPrincipal = { kind: "account", accountId, address: wallet.address, roles: [], scopes: null };
  return { wallet, deviceId, ctx: { ...services, principal } };
}

async function earn(deviceId: DeviceId, count: number) {
  const { jobId } = await makeJob(services, owner, { shardCount: 10, replicasMax: 2, priceMicro: PRICE, feeBps: 0 });
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, ${count}::int) as n`;
    await settleReplicas(tx, { jobId, priceMicro: PRICE, feeBps: 0 }, [{ deviceId, agreed: "yes", isVested: true, count, durationMs: 5 }]);
  });
  await publish();
}

async function publish() {
  const before = (await findLatestEpoch(services.db, chain.config.chain.id))?.no ?? 0;
  for (let i = 0; i < 12; i += 1) {
    services.clock.advance(2000);
    await runPayouts(services);
    await chain.confirm();
    const epoch = await findLatestEpoch(services.db, chain.config.chain.id);
    if ((epoch?.no ?? 0) > before && epoch?.state === "finalized") return;
    await chain.passSeconds(epoch?.state === "proposed" ? 61 : 1);
  }
  throw new Error("no epoch was published");
}

type Wish = { by?: Wallet; to?: string; sentTo?: string; maxFee?: bigint; alreadyPaid?: bigint; validS?: number; chainId?: number };

/** What the page sends: the order, signed. */
async function sign(wallet: Wallet, { by = wallet, to = wallet.address, sentTo = to, maxFee = FEE, alreadyPaid = 0n, validS = 900, chainId }: Wish = {}) {
  const { timestamp } = await chain.client.getBlock();
  const deadline = Number(timestamp) + validS;
  const message = { account: wallet.address, to: to as `0x${string}`, relayer: relayer.address, alreadyPaid, maxFee, deadline: BigInt(deadline) };
  const domain = claimDomain(chainId ?? chain.config.chain.id, chain.distributor);
  const signature = await by.signTypedData({ domain, types: CLAIM_TO_TYPES, primaryType: "ClaimTo", message });
  return { to: sentTo, maxFeeMicro: String(maxFee), deadline: new Date(deadline * 1000).toISOString(), alreadyPaidMicro: String(alreadyPaid), signature };
}

describe("a claim that an account signs and the instance sends", () => {
  test("pays a wallet without gas all that is due, less the fee that was named, and the books show it claimed", async () => {
    const { wallet, ctx } = await makeEarner(3);
    const had = await chain.balanceOf(relayer.address);
    expect(await relayClaim(ctx, await sign(wallet))).toMatchObject({ feeMicro: String(FEE), amountMicro: "3000" });
    expect(await chain.balanceOf(wallet.address)).toBe(3000n - FEE);
    expect((await chain.balanceOf(relayer.address)) - had).toBe(FEE);
    await chain.confirm();
    await runPayouts(services);
    expect((await getBalances(ctx, {})).earning).toMatchObject({ claimableMicro: "0", claimedMicro: "3000" });
  });

  test("asked for again and again, also at the same time, is one transaction", async () => {
    const { wallet, ctx } = await makeEarner(2);
    const order = await sign(wallet);
    const before = await chain.client.getTransactionCount({ address: relayer.address });
    const answers = await Promise.all([relayClaim(ctx, order), relayClaim(ctx, order), relayClaim(ctx, order)]);
    expect(new Set(answers.map(({ txHash }) => txHash)).size).toBe(1);
    expect((await relayClaim(ctx, order)).txHash).toBe(answers[0]?.txHash);
    expect((await chain.client.getTransactionCount({ address: relayer.address })) - before).toBe(1);
    expect(await chain.balanceOf(wallet.address)).toBe(2000n - FEE);
  });

  test("of several accounts at the same time is sent under numbers of its own", async () => {
    const earners = [await makeEarner(1), await makeEarner(1), await makeEarner(1)];
    const orders = await Promise.all(earners.map(({ wallet }) => sign(wallet)));
    await Promise.all(earners.map(({ ctx }, i) => relayClaim(ctx, orders[i] as (typeof orders)[number])));
    for (const { wallet } of earners) expect(await chain.balanceOf(wallet.address)).toBe(PRICE - FEE);
  });

  test("is used up by it; what a later epoch adds needs another that names what was paid before", async () => {
    const { wallet, ctx, deviceId } = await makeEarner(1);
    const first = await sign(wallet);
    await relayClaim(ctx, first);
    await expect(relayClaim(ctx, await sign(wallet, { alreadyPaid: PRICE }))).rejects.toMatchObject({
      code: "conflict",
      params: { problem: /has been claimed/ },
    });
    await earn(deviceId, 2);
    const { txHash } = await relayClaim(ctx, first);
    expect(await chain.balanceOf(wallet.address)).toBe(PRICE - FEE);
    const second = await relayClaim(ctx, await sign(wallet, { alreadyPaid: PRICE }));
    expect(second).toMatchObject({ amountMicro: "2000" });
    expect(second.txHash).not.toBe(txHash);
    expect(await chain.balanceOf(wallet.address)).toBe(3n * PRICE - 2n * FEE);
  });
});

describe("is refused, and costs the relayer nothing", () => {
  test("what others signed, what was signed for another receiver, chain, fee or amount, and what is too old", async () => {
    const { wallet, ctx } = await makeEarner(2);
    const thief = devAccount(people++);
    const wei = await chain.client.getBalance({ address: relayer.address });
    for (const [wish, code] of [
      [{ by: thief }, "signature_invalid"],
      [{ sentTo: thief.address }, "signature_invalid"],
      [{ chainId: 1 }, "signature_invalid"],
      [{ alreadyPaid: 1n }, "signature_invalid"],
      [{ validS: -1 }, "signature_invalid"],
      [{ maxFee: FEE - 1n }, "conflict"],
      [{ to: chain.escrow }, "bad_request"],
    ] as const)
      await expect(relayClaim(ctx, await sign(wallet, wish)), JSON.stringify(Object.keys(wish))).rejects.toMatchObject({ code });
    // A higher fee than was signed cannot be taken either: the order that is sent names what the settings say.
    const order = await sign(wallet);
    await expect(relayClaim(ctx, { ...order, maxFeeMicro: "1999" })).rejects.toMatchObject({ code: "signature_invalid" });
    expect(await chain.client.getBalance({ address: relayer.address })).toBe(wei);
    expect(await chain.balanceOf(wallet.address)).toBe(0n);
  });

  test("where it would take all there is, by a key, without a wallet, and where the instance sends for nobody", async () => {
    const { wallet, ctx } = await makeEarner(1);
    const dear = { ...services.config, pool: { ...chain.config.pool, relayer: { key: services.config.pool?.relayer?.key ?? "0x", feeMicro: 1001n } } };
    await expect(relayClaim({ ...ctx, config: dear }, await sign(wallet, { maxFee: 5000n }))).rejects.toMatchObject({
      code: "conflict",
      params: { problem: /not more than the fee/ },
    });
    const none = { ...services.config, pool: { ...chain.config.pool, relayer: null } };
    await expect(relayClaim({ ...ctx, config: none }, await sign(wallet))).rejects.toMatchObject({ code: "forbidden" });
    const principal = { ...(ctx.principal as AccountPrincipal), scopes: ["jobs:read" as const] };
    await expect(relayClaim({ ...ctx, principal }, await sign(wallet))).rejects.toMatchObject({ code: "forbidden" });
    await expect(relayClaim({ ...ctx, principal: { ...(ctx.principal as AccountPrincipal), address: null } }, await sign(wallet))).rejects.toMatchObject({
      code: expect.any(String),
    });
  });

  test("while claims are paused, and while the relayer has no gas or the chain does not answer; afterwards the same signature is good", async () => {
    const { wallet, ctx } = await makeEarner(1);
    const order = await sign(wallet);
    await chain.act(chain.accounts.guardian, "pause", [60]);
    await expect(relayClaim(ctx, order)).rejects.toMatchObject({ code: "conflict", params: { problem: /paused/ } });
    await chain.passSeconds(61);
    await chain.client.setBalance({ address: relayer.address, value: 0n });
    await expect(relayClaim(ctx, order)).rejects.toMatchObject({ code: "unavailable", params: { problem: /out of gas/ } });
    await chain.client.setBalance({ address: relayer.address, value: 10n ** 18n });
    const gone = { ...services.config, chain: { ...services.config.chain, rpcUrl: "http://127.0.0.1:9" } };
    await expect(relayClaim({ ...ctx, config: gone }, order)).rejects.toMatchObject({ code: "unavailable" });
    await relayClaim(ctx, order);
    expect(await chain.balanceOf(wallet.address)).toBe(PRICE - FEE);
  });
});
