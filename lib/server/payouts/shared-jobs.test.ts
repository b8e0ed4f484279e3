import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AccountId, type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { findAccountByAddress } from "../accounts/account-store.ts";
import { devAccount, openTestChain, type TestChain } from "../chain/testing/open-test-chain.ts";
import { transaction } from "../db/transaction.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { endJob } from "../jobs/end-job.ts";
import { contribute } from "../jobs/funders/contribute.ts";
import { setFunder } from "../jobs/funders/job-funders.ts";
import { listBudgets } from "../ledger/budgets/list-budgets.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { findStakes } from "../ledger/stake-store.ts";
import type { AccountPrincipal } from "../principal.ts";
import { vestPay } from "../trust/vest-pay.ts";
import { listDebits } from "./epoch-posting-store.ts";
import { findLatestEpoch } from "./epoch-store.ts";
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

type Wallet = ReturnType<typeof devAccount>;
const round = async () => await runPayouts(services);
const latest = async () => await findLatestEpoch(services.db, chain.config.chain.id);

async function accountOf({ address }: Wallet): Promise<AccountId> {
  const account = await findAccountByAddress(services.db, address);
  if (!account) throw new Error(`${address} has no account`);
  return account.id;
}
async function as(wallet: Wallet) {
  const principal: AccountPrincipal = { kind: "account", accountId: await accountOf(wallet), address: wallet.address, roles: [], scopes: null };
  return { ...services, principal };
}
async function budgetOf(wallet: Wallet) {
  return (await listBudgets(await as(wallet), {})).budgets[0]?.balanceMicro;
}
async function availableOf(wallet: Wallet) {
  return (await getAccountBalance(services.db, await accountOf(wallet), 0)).availableMicro;
}

/** A job of 21,000 that its owner reserved, and 21,000 more of somebody who was promised half of what returns. */
async function openSharedJob() {
  const [owner, funder] = [devAccount(people++), devAccount(people++)];
  await chain.deposit(owner, 100_000n);
  await chain.deposit(funder, 50_000n);
  await chain.confirm();
  await round();
  const { jobId } = await makeJob(services, await accountOf(owner), { shardCount: 10, replicasMax: 2, priceMicro: PRICE, feeBps: 500 });
  await setFunder(await as(owner), { jobId, address: funder.address.toLowerCase(), shareBps: 5000 });
  await contribute(await as(funder), { jobId, putMicro: "21000", shareBps: 5000 });
  return { owner, funder, jobId };
}

/** Pays a device for `count` shards from `fromNo` on, in a window that is still open unless the pay has vested. */
async function settle(jobId: JobId, deviceId: DeviceId, { count, fromNo = 1, isVested = true }: { count: number; fromNo?: number; isVested?: boolean }) {
  const toNo = fromNo + count - 1;
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(${fromNo}::int, ${toNo}::int) as n`;
    if (!isVested) {
      await tx`
        insert into holds (job_id, no, round, assurance, window_no, device_id, cluster_id, stratum, rate, lot, "check", created_at)
        select ${uuidOf(jobId)}, n, 0, 'standard', 1, ${uuidOf(deviceId)}, gen_random_uuid(), 0, 0.1, 0.5, 'none', now() from generate_series(${fromNo}::int, ${toNo}::int) as n`;
      await tx`insert into job_windows (job_id, assurance, window_no, shards) values (${uuidOf(jobId)}, 'standard', 1, 0) on conflict do nothing`;
    }
    await settleReplicas(tx, { jobId, priceMicro: PRICE, feeBps: 500 }, [{ deviceId, agreed: "yes", isVested, count, durationMs: 5 }]);
  });
}

async function makeEarner(): Promise<DeviceId> {
  const wallet = devAccount(people++);
  const { deviceId } = await makeDevice(services);
  await services.db`insert into accounts (id, address) values (gen_random_uuid(), ${wallet.address})`;
  await services.db`update devices set account_id = ${uuidOf(await accountOf(wallet))}, linked_at = now() where id = ${uuidOf(deviceId)}`;
  return deviceId;
}

async function roundsUntil(state: string) {
  for (let i = 0; i < 12; i += 1) {
    services.clock.advance(2000);
    await round();
    await chain.confirm();
    const epoch = await latest();
    if (epoch?.state === state) return;
    await chain.passSeconds(epoch?.state === "proposed" && state !== "proposed" ? 61 : 1);
  }
  throw new Error(`the epoch did not become ${state}`);
}

test("an epoch takes from each funder's budget what will not return to them, after a veto once more and not twice, and the end divides the rest", async () => {
  const { owner, funder, jobId } = await openSharedJob();
  await settle(jobId, await makeEarner(), { count: 4 });
  await roundsUntil("proposed");
  expect(await checkLedger(services.db)).toEqual([]);
  // Of 4,200 half is each one's, in the middle of the job.
  expect((await findStakes(services.db, jobId))?.map(({ heldMicro }) => heldMicro)).toEqual([18_900n, 18_900n]);
  await chain.act(chain.accounts.guardian, "veto", [await listDebits(services.db, chain.config.chain.id, 1)]);
  await chain.confirm();
  await round();
  // The same round cut the next one: two epochs name the money, and it is taken once.
  expect(await services.db`select 1 from epoch_stakes`).toHaveLength(4);
  expect((await findStakes(services.db, jobId))?.map(({ heldMicro }) => heldMicro)).toEqual([18_900n, 18_900n]);
  expect(await checkLedger(services.db)).toEqual([]);

  await chain.act(chain.accounts.admin, "setOperator", [chain.accounts.operator.address]);
  await roundsUntil("finalized");
  expect([await budgetOf(owner), await budgetOf(funder)]).toEqual(["97900", "47900"]);
  await endJob(services, { jobId, state: "cancelled" });
  expect([await availableOf(owner), await availableOf(funder)]).toEqual([97_900n, 47_900n]);
  expect((await findStakes(services.db, jobId))?.map(({ heldMicro }) => heldMicro)).toEqual([0n, 0n]);
  expect(await checkLedger(services.db)).toEqual([]);
});

test("the books tell when somebody got more out of a shared job than they put in", async () => {
  const { funder, jobId } = await openSharedJob();
  await services.db`
    insert into epochs (chain_id, no, state, cut_at, net_micro, fee_micro) values (1, 1, 'cut', now(), 21001, 0)`;
  await services.db`insert into epoch_jobs (chain_id, epoch_no, job_id, net_micro, fee_micro, groups) values (1, 1, ${uuidOf(jobId)}, 21000, 0, 1)`;
  await services.db`insert into epoch_stakes (chain_id, epoch_no, job_id, account_id, amount_micro) values (1, 1, ${uuidOf(jobId)}, ${uuidOf(await accountOf(funder))}, 21001)`;
  const laws = (await checkLedger(services.db)).map(({ law }) => law);
  expect(laws).toContain("nobody got more out of a job than they put in");
  expect(laws).toContain("what an epoch takes from a shared job is somebody's");
});

test("a funder who leaves by the way that needs nobody ends the job: the owner's part stays the owner's, and the leaver takes what is their own", async () => {
  const { owner, funder, jobId } = await openSharedJob();
  // Nobody has linked the device: no epoch can pay it before the funder is out.
  await settle(jobId, (await makeDevice(services)).deviceId, { count: 2 });
  await leave(funder);
  expect(await chain.balanceOf(funder.address)).toBe(50_000n);
  const [job] = await services.db<{ state: string; reason: { code: string } }[]>`select state, reason from jobs where id = ${uuidOf(jobId)}`;
  expect(job).toMatchObject({ state: "cancelled", reason: { code: "budget_leaving" } });
  expect([await availableOf(owner), await availableOf(funder)]).toEqual([98_950n, 0n]);
  // Half of what was earned was the leaver's to pay and is taken back; the owner's half can still be paid.
  expect(await findStakes(services.db, jobId)).toMatchObject([
    { putMicro: 21_000n, returnedMicro: 21_000n, heldMicro: 0n },
    { putMicro: 21_000n, returnedMicro: 19_950n, heldMicro: 1050n },
  ]);
  expect(await checkLedger(services.db)).toEqual([]);
});

async function leave(funder: Wallet) {
  await chain.act(funder, "requestWithdraw", [STANDING_BUDGET_ID]);
  await chain.passSeconds(700);
  await chain.act(funder, "withdraw", [STANDING_BUDGET_ID, funder.address]);
  await chain.confirm();
  await round();
}

/** The window in which pay is under check closes. */
async function closeWindow() {
  await services.db`
    insert into trust_classes (assurance, open_window_no, closed_window_no) values ('standard', 2, 1) on conflict (assurance) do update set closed_window_no = 1`;
  await vestPay(services, new JobSnapshot(services));
}

describe("a funder who leaves while pay is under check", () => {
  test("takes from each device its part of what was the leaver's to pay: the rest vests and is paid out of the owner's money", async () => {
    const { owner, funder, jobId } = await openSharedJob();
    const [one, two] = [await makeEarner(), await makeEarner()];
    await settle(jobId, one, { count: 4, isVested: false });
    await settle(jobId, two, { count: 2, fromNo: 5, isVested: false });
    await leave(funder);
    expect(await chain.balanceOf(funder.address)).toBe(50_000n);
    // Of 6,300 half was the leaver's: 300 of fees, and 2,850 of pay, in whole replicas.
    expect(await pendingOf(jobId)).toEqual(
      new Map([
        [one, 2000n],
        [two, 1000n],
      ]),
    );
    expect(await findStakes(services.db, jobId)).toMatchObject([{ heldMicro: 0n }, { heldMicro: 3150n }]);
    expect(await checkLedger(services.db)).toEqual([]);

    await closeWindow();
    await roundsUntil("finalized");
    expect(await findLatestEpoch(services.db, chain.config.chain.id)).toMatchObject({ netMicro: 3000n });
    expect([await budgetOf(owner), await availableOf(owner)]).toEqual(["97000", 96_850n]);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("takes pay under check before verified pay, which is paid in full where the others' money reaches", async () => {
    const { funder, jobId } = await openSharedJob();
    await settle(jobId, (await makeDevice(services)).deviceId, { count: 2 });
    await settle(jobId, await makeEarner(), { count: 2, fromNo: 3, isVested: false });
    await leave(funder);
    const [sides] = await services.db<{ pending: bigint; earned: bigint }[]>`
      select coalesce(sum(amount_micro) filter (where side = 'pending'), 0)::bigint as pending, coalesce(sum(amount_micro) filter (where side = 'earned'), 0)::bigint as earned
      from job_postings where job_id = ${uuidOf(jobId)}`;
    expect(sides).toEqual({ pending: 0n, earned: 2000n });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("cannot leave twice with the same money, nor with the owner's: a second funder's exit takes what is left of theirs and no more", async () => {
    const { owner, funder, jobId } = await openSharedJob();
    await settle(jobId, await makeEarner(), { count: 4, isVested: false });
    await leave(funder);
    await leave(owner);
    expect([await chain.balanceOf(funder.address), await chain.balanceOf(owner.address)]).toEqual([50_000n, 100_000n]);
    expect([await availableOf(owner), await availableOf(funder)]).toEqual([0n, 0n]);
    expect([...(await pendingOf(jobId)).values()]).toEqual([]);
    expect(await checkLedger(services.db)).toEqual([]);
  });
});

/** What each device has under check in a job. */
async function pendingOf(jobId: JobId): Promise<Map<DeviceId, bigint>> {
  const rows = await services.db<{ id: string; amount: bigint }[]>`
    select device_id as id, sum(amount_micro)::bigint as amount from job_postings where job_id = ${uuidOf(jobId)} and side = 'pending'
    group by device_id having sum(amount_micro) <> 0`;
  return new Map(rows.map(({ id, amount }) => [idOf("dev", id), amount]));
}
