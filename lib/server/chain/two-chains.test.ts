import { afterEach, beforeEach, expect, test } from "vitest";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { findAccountByAddress } from "../accounts/account-store.ts";
import { createRelease } from "../ledger/budgets/create-release.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getBalances } from "../ledger/get-balances.ts";
import { runPayouts } from "../payouts/run-payouts.ts";
import type { AccountPrincipal } from "../principal.ts";
import { devAccount, openTestChain, type TestChain } from "./testing/open-test-chain.ts";

const owner = devAccount(12);
let sides: { chain: TestChain; services: TestServices }[];
beforeEach(async () => {
  sides = [];
  for (const chainId of [31_337, 8453]) {
    const chain = await openTestChain({}, chainId);
    const services = await openTestServices({ ...chain.config, faucetMicro: 0n });
    services.clock.advance(Date.now() - services.clock.now().getTime());
    sides.push({ chain, services });
  }
});
afterEach(async () => {
  for (const { chain, services } of sides) {
    await services.close();
    await chain.stop();
  }
});

test("the same contracts at the same address on another chain are another pool: deposits count where they were made, and no signature of one is worth anything on the other", async () => {
  const [here, there] = sides;
  if (!(here && there)) throw new Error("two chains are needed");
  expect(here.chain.escrow).toBe(there.chain.escrow);
  for (const [{ chain, services }, amount] of [
    [here, 1000n],
    [there, 5000n],
  ] as const) {
    await chain.deposit(owner, amount);
    await chain.confirm();
    await runPayouts(services);
    expect(await availableOf(services)).toBe(String(amount));
  }
  const release = await createRelease(await asOwner(here.services), { budgetId: STANDING_BUDGET_ID, amountMicro: "700" });
  const args = [release.budgetId, release.to, BigInt(release.amountMicro), BigInt(Date.parse(release.deadline) / 1000), release.signature];
  await expect(there.chain.act(owner, "release", args)).rejects.toThrow("SignatureInvalid");
  await here.chain.act(owner, "release", args);
  for (const { chain, services } of sides) {
    await chain.confirm();
    await runPayouts(services);
    expect(await checkLedger(services.db)).toEqual([]);
  }
  expect([await availableOf(here.services), await availableOf(there.services)]).toEqual(["300", "5000"]);
});

async function asOwner(services: TestServices) {
  const account = await findAccountByAddress(services.db, owner.address);
  if (!account) throw new Error("the owner has no account");
  const principal: AccountPrincipal = { kind: "account", accountId: account.id, address: owner.address, roles: [], scopes: null };
  return { ...services, principal };
}

async function availableOf(services: TestServices): Promise<string> {
  return (await getBalances(await asOwner(services), {})).spending.availableMicro;
}
