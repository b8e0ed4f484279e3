import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccountId, type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { feeOn } from "#lib/domain/ledger/money.ts";
import { splitReturn } from "#lib/domain/ledger/stakes.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { type Draw, drawFrom } from "#lib/testing/draw.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { findAccountByAddress } from "../accounts/account-store.ts";
import { devAccount, openTestChain, type TestChain } from "../chain/testing/open-test-chain.ts";
import { openDatabase } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { contribute } from "../jobs/funders/contribute.ts";
import { setFunder } from "../jobs/funders/job-funders.ts";
import { createRelease } from "../ledger/budgets/create-release.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { forfeitPay } from "../ledger/forfeit-pay.ts";
import { getBalances } from "../ledger/get-balances.ts";
import { postJobGroup } from "../ledger/ledger-store.ts";
import { type JobStake, mapStakes } from "../ledger/stake-store.ts";
import type { AccountPrincipal } from "../principal.ts";
import { listDebits } from "./epoch-posting-store.ts";
import { findLatestEpoch } from "./epoch-store.ts";
import { getProof } from "./get-proof.ts";
import { runPayouts } from "./run-payouts.ts";

/*
 * Random lives of money over the real books, the real contracts and two real chains of one instance. Whatever happens in whatever order, at its end every unit that was deposited is
 * on its chain, in exactly the wallet in which it belongs, or is named: forfeited, or a fee beyond what the contract lets an epoch keep.
 */
const RUNS = atSize(2, 120);
/** Lives that share a database and the chains: all of its books are proved after each step, so that more of them would make each the longer. */
const RUNS_OF_A_PLACE = 10;
const CHAIN_IDS = [31_337, 8453];
const STEPS = 20;
const FEE_BPS = 500;
const REPLICAS_MAX = 2;

let chains: TestChain[];
let services: TestServices;
let nextAccount = 10;

async function openPlace(): Promise<void> {
  // One after the other: the contracts get the same addresses on both.
  chains = [];
  for (const chainId of CHAIN_IDS) chains.push(await openTestChain({}, chainId));
  const [first, ...further] = chains.map(({ config }) => config);
  services = await openTestServices({ ...first, furtherChains: further.map(({ chain, pool }) => ({ chain, pool })), faucetMicro: 0n });
  services.clock.advance(Date.now() - services.clock.now().getTime());
}
async function closePlace(): Promise<void> {
  await services.close();
  for (const chain of chains) await chain.stop();
}
beforeAll(openPlace);
afterAll(closePlace);

type Wallet = ReturnType<typeof devAccount>;
type Work = {
  jobId: JobId;
  /** Whose money pays it, and where devices get what they earn in it. */
  chain: TestChain;
  owner: Owner;
  priceMicro: bigint;
  shardCount: number;
  settled: number;
  spentMicro: bigint;
  isOpen: boolean;
  pending: Map<DeviceId, number>;
  puts: Put[];
};
/** What somebody else than its owner put into a job, and for which share of what is returned; `isLate` if an epoch had taken of it before. */
type Put = { owner: Owner; shareBps: number; putMicro: bigint; isLate: boolean };
/** Amounts by chain. */
type Amounts = Map<TestChain, bigint>;
/** `hadMicro` is what its wallet was given: it deposits all of it, and keeps what the chain takes back. */
type Owner = { wallet: Wallet; hadMicro: Amounts };
type Earner = { wallet: Wallet; deviceId: DeviceId; dueMicro: Amounts };
type World = { draw: Draw; owners: Owner[]; earners: Earner[]; jobs: Work[] };

const round = async () => await runPayouts(services);
const pass = async (seconds: number) => {
  services.clock.advance(seconds * 1000);
  for (const chain of chains) await chain.passSeconds(seconds);
};
const confirm = async (blocks?: number) => {
  for (const chain of chains) await chain.confirm(blocks);
};
const idOf = ({ config }: TestChain): number => config.chain.id;
const purseOf = (chain: TestChain): number => (chain === chains[0] ? 0 : idOf(chain));
const latest = async (chain: TestChain) => await findLatestEpoch(services.db, idOf(chain));
const takeBack = async (chain: TestChain) => await chain.client.request({ method: "anvil_reorg" as never, params: [1, []] as never });
const on = (amounts: Amounts, chain: TestChain): bigint => amounts.get(chain) ?? 0n;
const add = (amounts: Amounts, chain: TestChain, amount: bigint) => amounts.set(chain, on(amounts, chain) + amount);

async function accountOf(wallet: Wallet): Promise<AccountId> {
  await services.db`insert into accounts (id, address) values (gen_random_uuid(), ${wallet.address}) on conflict do nothing`;
  const account = await findAccountByAddress(services.db, wallet.address);
  if (!account) throw new Error(`${wallet.address} has no account`);
  return account.id;
}

async function principalOf(wallet: Wallet): Promise<AccountPrincipal> {
  return { kind: "account", accountId: await accountOf(wallet), address: wallet.address, roles: [], scopes: null };
}

/**
 * On each chain money of both owners, a job, and a device that has earned there: random steps alone might never come so far. Each owner could pay both jobs from the wrong chain.
 */
async function openWorld(draw: Draw): Promise<World> {
  const people = async () => ({ wallet: devAccount(nextAccount++), deviceId: (await makeDevice(services)).deviceId, dueMicro: new Map() });
  const earner: Earner = await people();
  const owners = chains.map((): Owner => ({ wallet: devAccount(nextAccount++), hadMicro: new Map() }));
  const world: World = { draw, owners, earners: [earner, await people(), await people()], jobs: [] };
  for (const [i, chain] of chains.entries()) {
    for (const one of owners) await deposit(one, chain, { amount: 150_000n });
    const owner = owners[i] ?? draw.one(owners);
    await submit(world.jobs, { owner, chain, shardCount: 8, priceMicro: 3001n });
  }
  for (const work of world.jobs) await settle(work, earner, { count: 2, isVested: true });
  return world;
}

const ACTIONS: Readonly<Record<string, (world: World) => Promise<void>>> = {
  async deposit({ draw, owners }) {
    const isLost = draw.upTo(4) === 0;
    await deposit(draw.one(owners), draw.one(chains), { amount: BigInt(draw.upTo(200_000) + 1), isLost });
  },
  async submit({ draw, owners, jobs }) {
    const [owner, chain] = [draw.one(owners), draw.one(chains)];
    await submit(jobs, { owner, chain, shardCount: draw.upTo(8) + 1, priceMicro: BigInt(draw.upTo(3000)) });
  },
  async share({ draw, owners, jobs }) {
    const open = jobs.filter(({ isOpen }) => isOpen);
    if (open.length === 0) return;
    const work = draw.one(open);
    const owner = owners.find((one) => one !== work.owner) ?? work.owner;
    const before = work.puts[0];
    const put: Omit<Put, "isLate"> = {
      owner,
      shareBps: before?.shareBps ?? draw.upTo(10_001),
      putMicro: (before?.putMicro ?? 0n) + BigInt(draw.upTo(20_000) + 1),
    };
    const { jobId } = work;
    const [paid] = await services.db`select 1 from epoch_jobs where job_id = ${uuidOf(jobId)} limit 1`;
    if (!before)
      await setFunder(
        { ...services, principal: await principalOf(work.owner.wallet) },
        { jobId, address: owner.wallet.address.toLowerCase(), shareBps: put.shareBps },
      );
    const wish = { jobId, shareBps: put.shareBps, putMicro: String(put.putMicro) };
    const done = await contribute({ ...services, principal: await principalOf(owner.wallet) }, wish).catch((error: { code?: string }) => {
      if (error.code !== "funds_short") throw error;
    });
    if (done) work.puts = [{ ...put, isLate: before?.isLate === true || paid !== undefined }];
  },
  async settle({ draw, earners, jobs }) {
    const open = jobs.filter(({ isOpen, settled, shardCount }) => isOpen && settled < shardCount * REPLICAS_MAX);
    if (open.length === 0) return;
    const [work, earner] = [draw.one(open), draw.one(earners)];
    const count = draw.upTo(work.shardCount * REPLICAS_MAX - work.settled) + 1;
    await settle(work, earner, { count, isVested: draw.upTo(2) === 0 });
  },
  async vest({ draw, earners, jobs }) {
    const waiting = jobs.filter(({ pending }) => pending.size > 0);
    if (waiting.length === 0) return;
    const work = draw.one(waiting);
    const [deviceId, replicas] = draw.one([...work.pending]);
    work.pending.delete(deviceId);
    const amountMicro = BigInt(replicas) * work.priceMicro;
    if (draw.upTo(2) === 0) {
      await transaction(services.db, (tx) => forfeitPay(tx, work, [{ deviceId, replicas }]));
      return;
    }
    const lines = (["pending", "earned"] as const).map((side) => ({ side, deviceId, amountMicro: side === "pending" ? -amountMicro : amountMicro }));
    await transaction(services.db, (tx) => postJobGroup(tx, { jobId: work.jobId, ref: `vest:${nextAccount}:${deviceId}:${work.settled}`, lines }));
    add(earnerOf(earners, deviceId).dueMicro, work.chain, amountMicro);
  },
  async end({ draw, jobs }) {
    const open = jobs.filter(({ isOpen }) => isOpen);
    if (open.length > 0) await end(draw.one(open));
  },
  async link({ draw, earners }) {
    await link(draw.one(earners));
  },
  async payouts() {
    await pass(2);
    await round();
    await confirm();
    await round();
  },
  async window() {
    await pass(61);
    await round();
    await confirm();
    await round();
  },
  async crash({ draw }) {
    await pass(2);
    await crashAt(draw.upTo(60 * CHAIN_IDS.length) + 1);
  },
  async reorganise({ draw }) {
    const chain = draw.one(chains);
    await chain.client.mine({ blocks: 1 });
    await takeBack(chain);
  },
  async veto({ draw }) {
    const chain = draw.one(chains);
    await chain.confirm();
    await round();
    const epoch = await latest(chain);
    if (epoch?.state !== "proposed") return;
    const debits = await listDebits(services.db, epoch.chainId, epoch.no);
    // Too late where a round that died had finalized it already, which nobody has followed yet.
    const isVetoed = await chain.act(chain.accounts.guardian, "veto", [debits]).then(
      () => true,
      (error: Error) => {
        if (!error.message.includes("NoEpochPending")) throw error;
        return false;
      },
    );
    if (isVetoed) await chain.act(chain.accounts.admin, "setOperator", [chain.accounts.operator.address]);
    await chain.confirm();
    await round();
  },
  async claim({ draw, earners }) {
    const [proven, claimed] = [draw.one(chains), draw.one(chains)];
    await claim(draw.one(earners), proven, claimed);
  },
};

async function deposit(owner: Owner, chain: TestChain, { amount, isLost = false }: { amount: bigint; isLost?: boolean }): Promise<void> {
  await chain.confirm(1);
  await chain.deposit(owner.wallet, amount);
  if (isLost) {
    // Seen, not confirmed, and taken back by the chain.
    await round();
    await takeBack(chain);
  }
  add(owner.hadMicro, chain, amount);
  await chain.confirm();
  await round();
}

async function submit(jobs: Work[], wish: { owner: Owner; chain: TestChain; shardCount: number; priceMicro: bigint }): Promise<void> {
  const { owner, chain, ...shape } = wish;
  const terms = { ...shape, replicasMax: REPLICAS_MAX, feeBps: FEE_BPS, purse: purseOf(chain) };
  const made = await makeJob(services, await accountOf(owner.wallet), terms).catch((error: { code?: string }) => {
    if (error.code !== "funds_short") throw error;
  });
  if (made) jobs.push({ ...wish, jobId: made.jobId, settled: 0, spentMicro: 0n, isOpen: true, pending: new Map(), puts: [] });
}

function earnerOf(earners: readonly Earner[], deviceId: DeviceId): Earner {
  const earner = earners.find((one) => one.deviceId === deviceId);
  if (!earner) throw new Error(`${deviceId} is nobody's`);
  return earner;
}

async function settle(work: Work, earner: Earner, { count, isVested }: { count: number; isVested: boolean }): Promise<void> {
  const { deviceId } = earner;
  await transaction(services.db, async (tx) => {
    await tx`
      insert into results (job_id, shard_no, voter_id, device_id, grant_id, outcome, digest, output_bytes, duration_ms, reported_at, settled_at, agreed)
      select ${uuidOf(work.jobId)}, n, gen_random_uuid(), ${uuidOf(deviceId)}, gen_random_uuid(), 'ok', '', 0, 5, now(), now(), 'yes' from generate_series(1, ${count}::int) as n`;
    await settleReplicas(tx, { jobId: work.jobId, priceMicro: work.priceMicro, feeBps: FEE_BPS }, [
      { deviceId, agreed: "yes", isVested, count, durationMs: 5 },
    ]);
  });
  work.settled += count;
  work.spentMicro += BigInt(count) * (work.priceMicro + feeOn(work.priceMicro, FEE_BPS));
  if (isVested) add(earner.dueMicro, work.chain, BigInt(count) * work.priceMicro);
  else work.pending.set(deviceId, (work.pending.get(deviceId) ?? 0) + count);
}

async function end(work: Work): Promise<void> {
  await endJob(services, { jobId: work.jobId, state: "cancelled" });
  work.isOpen = false;
}

async function link({ wallet, deviceId }: Earner): Promise<void> {
  await services.db`update devices set account_id = ${uuidOf(await accountOf(wallet))}, linked_at = now() where id = ${uuidOf(deviceId)}`;
}

/** Claims with the proof of one chain, on that chain unless another is named. */
async function claim({ wallet }: Earner, chain: TestChain, where = chain): Promise<void> {
  const proof = await getProof({ ...services, principal: { kind: "anonymous" } }, { address: wallet.address, chainId: idOf(chain) });
  if (!proof.isInTree) return;
  await where.claim(proof).catch((error: Error) => {
    if (!/NothingDue|InvalidProof/.test(error.message)) throw error;
  });
}

/** A round that ends at its n-th statement, with everything that hangs on it. */
async function crashAt(statement: number): Promise<void> {
  let sent = 0;
  const onStatement = () => {
    sent += 1;
    if (sent === statement) throw new Error("the process ended here");
  };
  const db = openDatabase(services.databaseUrl, { connectionsMax: 2, onStatement });
  await runPayouts({ ...services, db }).catch(() => undefined);
  await db.end();
}

/** Rounds until everything that can be paid out is published, and claims it. */
async function drain({ owners, earners, jobs }: World): Promise<void> {
  for (const work of jobs.filter(({ isOpen }) => isOpen)) await end(work);
  for (const earner of earners) await link(earner);
  for (let quiet = 0; quiet < 2; ) {
    const before = await Promise.all(chains.map(latest));
    for (let i = 0; i < 3; i += 1) {
      await pass(31);
      await round();
      await confirm();
    }
    const after = await Promise.all(chains.map(latest));
    const isMoving = after.some((epoch, i) => epoch?.no !== before[i]?.no || (epoch && epoch.state !== "finalized" && epoch.state !== "vetoed"));
    quiet = isMoving ? 0 : quiet + 1;
  }
  for (const chain of chains) for (const earner of earners) await claim(earner, chain);
  await confirm();
  await round();
  for (const chain of chains) for (const owner of owners) await withdrawAll(owner, chain);
}

async function withdrawAll({ wallet }: Owner, chain: TestChain): Promise<void> {
  const ctx = { ...services, principal: await principalOf(wallet) };
  const amountMicro = (await getBalances(ctx, {})).chains.find(({ chainId }) => chainId === idOf(chain))?.spending.releasableMicro ?? "0";
  if (amountMicro === "0") return;
  const release = await createRelease(ctx, { budgetId: STANDING_BUDGET_ID, amountMicro, chainId: idOf(chain) });
  const deadline = BigInt(Date.parse(release.deadline) / 1000);
  await chain.act(wallet, "release", [release.budgetId, release.to, BigInt(release.amountMicro), deadline, release.signature]);
  await chain.confirm();
  await round();
}

/** On each chain what was deposited there is where it belongs, whatever happened on the other. */
async function expectConserved({ owners, earners, jobs }: World): Promise<void> {
  for (const { wallet, dueMicro } of earners) {
    const { earning, chains: parts } = await getBalances({ ...services, principal: await principalOf(wallet) }, {});
    expect(earning).toMatchObject({ claimableMicro: "0", publishingMicro: "0", verifiedMicro: "0" });
    for (const chain of chains) {
      expect(await chain.balanceOf(wallet.address)).toBe(on(dueMicro, chain));
      expect(parts.find(({ chainId }) => chainId === idOf(chain))?.earning.claimedMicro).toBe(String(on(dueMicro, chain)));
    }
  }
  const stakes = await mapStakes(services.db, null);
  for (const work of jobs) expectShares(work, stakes.get(work.jobId) ?? null);
  for (const owner of owners) for (const chain of chains) await expectOwned(owner, chain, { jobs: jobs.filter((work) => work.chain === chain), stakes });
}

async function expectOwned(
  owner: Owner,
  chain: TestChain,
  { jobs, stakes }: { jobs: readonly Work[]; stakes: Awaited<ReturnType<typeof mapStakes>> },
): Promise<void> {
  const accountId = await accountOf(owner.wallet);
  const spent = await sum(jobs.map(async (work) => await spentOf(work, { owner, accountId, stakes: stakes.get(work.jobId) ?? null })));
  expect(await chain.balanceOf(owner.wallet.address)).toBe(on(owner.hadMicro, chain) - spent);
  // What an owner's contract still holds is what was forfeited, what is still being checked, and fees beyond the contract's bound; all of it has its postings.
  const left = await sum(jobs.map(async (work) => await leftOf(work, { owner, accountId, stakes: stakes.get(work.jobId) ?? null })));
  const [budget] = await services.db<{ amount: bigint }[]>`
    select coalesce(sum(balance_micro), 0)::bigint as amount from budgets where account_id = ${uuidOf(accountId)} and chain_id = ${idOf(chain)}`;
  expect(budget?.amount ?? 0n).toBe(left);
}

type Part = { owner: Owner; accountId: AccountId; stakes: readonly JobStake[] | null };
const sum = async (parts: readonly Promise<bigint>[]) => (await Promise.all(parts)).reduce((total, part) => total + part, 0n);

/** What a job cost somebody: what they put in and did not get back. */
async function spentOf(work: Work, { owner, accountId, stakes }: Part): Promise<bigint> {
  if (!stakes) return work.owner === owner ? work.spentMicro : 0n;
  const own = stakes.find((stake) => stake.accountId === accountId);
  return own ? own.putMicro - own.returnedMicro : 0n;
}

/** What a job still holds of somebody's money. */
async function leftOf(work: Work, { owner, accountId, stakes }: Part): Promise<bigint> {
  if (stakes) return stakes.find((stake) => stake.accountId === accountId)?.heldMicro ?? 0n;
  if (work.owner !== owner) return 0n;
  const [row] = await services.db<{ amount: bigint }[]>`
    select coalesce(sum(amount_micro), 0)::bigint as amount from job_postings where job_id = ${uuidOf(work.jobId)} and side <> 'clearing'`;
  return row?.amount ?? 0n;
}

/**
 * What a job that several funded returned is divided as was stated in advance, whatever epochs took after all of it was put in: a unit is rounded for each of them at most. What an
 * epoch took before somebody came was the others' alone.
 */
function expectShares({ puts, spentMicro, ...work }: Work, stakes: readonly JobStake[] | null): void {
  expect(stakes === null).toBe(puts.length === 0);
  if (!stakes) return;
  const reserved = stakes.reduce((total, { putMicro }) => total + putMicro, 0n);
  expect(stakes.at(0)?.putMicro).toBe(puts[0]?.putMicro);
  expect(reserved - (puts[0]?.putMicro ?? 0n)).toBe(BigInt(work.shardCount * REPLICAS_MAX) * (work.priceMicro + feeOn(work.priceMicro, FEE_BPS)));
  expect(stakes.reduce((total, { returnedMicro }) => total + returnedMicro, 0n)).toBe(reserved - spentMicro);
  if (puts[0]?.isLate) return;
  const divided = splitReturn(
    stakes.map((stake) => ({ ...stake, heldMicro: stake.putMicro })),
    reserved - spentMicro,
  );
  for (const [i, { returnedMicro }] of stakes.entries()) {
    const off = returnedMicro - (divided[i] ?? 0n);
    expect(off < 0n ? -off : off).toBeLessThanOrEqual(BigInt(stakes.length));
  }
}

test(`${RUNS} random lives of money on two chains: books right after each step; at the end every unit is on its chain, where it belongs`, async () => {
  for (let run = 0; run < RUNS; run += 1) {
    if (run > 0 && run % RUNS_OF_A_PLACE === 0) {
      await closePlace();
      await openPlace();
    }
    const draw = drawFrom(TEST_SEED * 1_000_003 + run);
    const world = await openWorld(draw);
    const done: string[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      const [name, act] = draw.one(Object.entries(ACTIONS));
      done.push(name);
      await act(world);
      expect(await checkLedger(services.db), done.join(" ")).toEqual([]);
    }
    await drain(world);
    expect(await checkLedger(services.db), done.join(" ")).toEqual([]);
    await expectConserved(world);
  }
}, 3_600_000);
