import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { findAccountByAddress, insertAccount, setAddress } from "../accounts/account-store.ts";
import { devAccount, openTestChain, type TestChain } from "../chain/testing/open-test-chain.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getBalances } from "../ledger/get-balances.ts";
import { findLatestEpoch } from "./epoch-store.ts";
import { runPayouts } from "./run-payouts.ts";

const PRICE = 1000n;
let chain: TestChain;
let services: TestServices;
beforeAll(async () => {
  chain = await openTestChain();
  services = await openTestServices({ ...chain.config, faucetMicro: 0n });
  services.clock.advance(Date.now() - services.clock.now().getTime());
});
afterAll(async () => {
  await services.close();
  await chain.stop();
});

/** A device of an account that a passkey opens. */
async function makeWalletless() {
  const accountId = newId("acc");
  await transaction(services.db, (tx) => insertAccount(tx, { id: accountId, address: null, at: services.clock.now() }));
  const { deviceId } = await makeDevice(services);
  await services.db`update devices set account_id = ${uuidOf(accountId)}, linked_at = now() where id = ${uuidOf(deviceId)}`;
  return { accountId, deviceId };
}

async function earn(jobId: JobId, deviceId: Awaited<ReturnType<typeof makeWalletless>>["deviceId"], count: number) {
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, ${count}::int) as n`;
    await settleReplicas(tx, { jobId, priceMicro: PRICE, feeBps: 500 }, [{ deviceId, agreed: "yes", isVested: true, count, durationMs: 5 }]);
  });
}

async function roundsUntilOver(no: number) {
  for (let i = 0; i < 12; i += 1) {
    services.clock.advance(2000);
    await runPayouts(services);
    await chain.confirm();
    const epoch = await findLatestEpoch(services.db, chain.config.chain.id);
    if (epoch?.no === no && epoch.state === "finalized") return;
    await chain.passSeconds(epoch?.state === "proposed" ? 61 : 1);
  }
  throw new Error(`epoch ${no} is not over`);
}

const earningOf = async (accountId: AccountId, address: string | null) =>
  (await getBalances({ ...services, principal: { kind: "account", accountId, address, roles: [], scopes: null } }, {})).earning;

test("what an account without a wallet earned is passed over, stays its own however long that takes, and is paid by the first epoch after it has one", async () => {
  const owner = devAccount(12);
  await chain.deposit(owner, 100_000n);
  await chain.confirm();
  await runPayouts(services);
  const ownerId = (await findAccountByAddress(services.db, owner.address))?.id;
  if (!ownerId) throw new Error("the owner has no account");
  const { jobId } = await makeJob(services, ownerId, { shardCount: 10, replicasMax: 2, priceMicro: PRICE, feeBps: 500 });
  const [poor, rich] = [await makeWalletless(), await makeWalletless()];
  await transaction(services.db, (tx) => setAddress(tx, rich.accountId, devAccount(13).address));
  await earn(jobId, poor.deviceId, 3);
  await earn(jobId, rich.deviceId, 2);
  await roundsUntilOver(1);
  expect(await earningOf(rich.accountId, devAccount(13).address)).toMatchObject({ claimableMicro: "2000", verifiedMicro: "0" });
  expect(await earningOf(poor.accountId, null)).toMatchObject({ claimableMicro: "0", publishingMicro: "0", verifiedMicro: "3000" });

  // Long after devices that nobody linked would have lost theirs.
  services.clock.advance(services.config.unlinkedMs * 2);
  await earn(jobId, rich.deviceId, 1);
  await roundsUntilOver(2);
  expect(await earningOf(poor.accountId, null)).toMatchObject({ verifiedMicro: "3000" });

  await transaction(services.db, (tx) => setAddress(tx, poor.accountId, devAccount(14).address));
  await roundsUntilOver(3);
  expect(await earningOf(poor.accountId, devAccount(14).address)).toMatchObject({ claimableMicro: "3000", verifiedMicro: "0" });
  expect(await checkLedger(services.db)).toEqual([]);
});
