import "server-only";
import { getAddress } from "viem/utils";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import { isEpochOver } from "#lib/domain/payouts/epoch-state.ts";
import { type Candidate, drawDebits, type Means, payersOf, planEpoch } from "#lib/domain/payouts/plan-epoch.ts";
import { findAccountByAddress, insertAccount } from "../accounts/account-store.ts";
import { chainClient, requirePool } from "../chain/chain-client.ts";
import type { Pool } from "../chain/pool-store.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { listBudgetsOfAll, listLeavingBefore } from "../ledger/budgets/budget-store.ts";
import { insertEpochStakes, type JobStake, mapStakes } from "../ledger/stake-store.ts";
import { getCandidate, insertEpoch, listGranted, listUnsettledJobs, markSettled, type PayeeRule, postTake, type Taken } from "./epoch-posting-store.ts";
import { findLatestEpoch } from "./epoch-store.ts";
import { releaseReservesOf } from "./promised-store.ts";

/** Held while an epoch is cut, so that two processes never take the same earnings. */
const CUT_LOCK = 7_405_011;
/** About ten thousand gas each; a transaction of today's networks has 16.8 million. */
const BUDGETS_MAX = 1000;
/** In how many of the epochs before an owner is out earnings of unlinked devices are taken: one may be vetoed, and one held up. */
const LAST_EPOCHS = 3;
const DAY_MS = 86_400_000;

/**
 * Cuts an epoch if the last one is over and its time has come: takes what has vested from each job that this chain pays as far as the budgets behind it can give, in one transaction on
 * one snapshot of the books. False if nothing is due.
 */
export async function cutEpoch(services: Services, pool: Pool): Promise<boolean> {
  const settings = requirePool(services.config);
  const now = services.clock.now();
  const latest = await findLatestEpoch(services.db, pool.chainId);
  if (latest && (!isEpochOver(latest.state) || now.getTime() < latest.cutAt.getTime() + settings.epochEveryS * 1000)) return false;
  const capMicro = await chainClient(services.config).readContract({ address: pool.escrow, abi: jobEscrowAbi, functionName: "epochCap" });
  return await transaction(services.db, async (tx) => {
    await tx`set transaction isolation level repeatable read`;
    await tx`select pg_advisory_xact_lock(${CUT_LOCK})`;
    const before = await findLatestEpoch(tx, pool.chainId);
    if ((before?.no ?? 0) !== (latest?.no ?? 0)) return false;
    return await cut(tx, services, { pool, no: (before?.no ?? 0) + 1, capMicro, now });
  });
}

type Cut = { pool: Pool; no: number; capMicro: Micro; now: Date };

async function cut(tx: Tx, services: Services, { pool, no, capMicro, now }: Cut): Promise<boolean> {
  const ruleOf = await openRules(tx, services, { pool, now });
  const stakes = await mapStakes(tx, null);
  const candidates = await collect(tx, { purse: pool.purse, ruleOf, stakes });
  if (candidates.length === 0) return false;
  const means = await gatherMeans(tx, services, { candidates, pool, capMicro });
  const taken: Taken[] = [];
  for (const take of planEpoch(candidates, means)) {
    const posted = await postTake(tx, { ...take, jobId: take.jobId as JobId, ownerId: take.ownerId as AccountId, purse: pool.purse, no }, ruleOf(take));
    if (posted.netMicro > 0n) taken.push(posted);
  }
  if (taken.length === 0) return false;
  const spent: [accountId: string, partMicro: Micro][] = [];
  for (const { jobId, ownerId, netMicro, feeMicro } of taken) {
    const of = stakes.get(jobId);
    const parts = payersOf({ ownerId, ...(of ? { stakes: of } : {}) }, netMicro + feeMicro);
    spent.push(...parts);
    if (of)
      await insertEpochStakes(
        tx,
        { chainId: pool.chainId, no },
        parts.map(([id, amountMicro]) => ({ jobId, accountId: id as AccountId, amountMicro })),
      );
  }
  await insertEpoch(tx, { chainId: pool.chainId, no, cutAt: now, taken, debits: drawDebits(spent, means) });
  return true;
}

type RuleOf = (job: Pick<Candidate, "ownerId" | "stakes">) => PayeeRule;

/** Everybody whose money is in a job. */
function fundersOf({ ownerId, stakes }: Pick<Candidate, "ownerId" | "stakes">): AccountId[] {
  return (stakes?.map(({ accountId }) => accountId) ?? [ownerId]) as AccountId[];
}

/**
 * To whom earnings go, by those who pay them. What nobody has linked waits for `unlinkedMs`; where one of them is about to be out of the contract, it goes to the reserve before,
 * because afterwards nothing is left to pay it with.
 */
async function openRules(tx: Tx, services: Services, { pool, now }: Pick<Cut, "pool" | "now">): Promise<RuleOf> {
  const { epochEveryS } = requirePool(services.config);
  const reserveId = await accountOf(tx, services, "reserve");
  const soon = new Date(outBefore(pool, now).getTime() + LAST_EPOCHS * (epochEveryS + pool.challengeS) * 1000);
  const leavingIds = await listLeavingBefore(tx, pool.chainId, soon);
  await releaseReservesOf(tx, leavingIds, pool.purse);
  const leaving = new Set<string>(leavingIds);
  const usual: PayeeRule = { reserveId, unlinkedBefore: new Date(now.getTime() - services.config.unlinkedMs) };
  const last: PayeeRule = { reserveId, unlinkedBefore: new Date(now.getTime() + DAY_MS) };
  return (job) => (fundersOf(job).some((id) => leaving.has(id)) ? last : usual);
}

/** A budget that closes earlier cannot be named in a proposal any more: the contract would refuse it as a whole. */
function outBefore({ minIntervalS, challengeS }: Pool, now: Date): Date {
  return new Date(now.getTime() + (minIntervalS + challengeS) * 1000);
}

type Collecting = { purse: number; ruleOf: RuleOf; stakes: ReadonlyMap<JobId, JobStake[]> };

async function collect(tx: Tx, { purse, ruleOf, stakes }: Collecting): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  const empty: JobId[] = [];
  for (const job of await listUnsettledJobs(tx, purse)) {
    const of = stakes.get(job.jobId);
    const funded = { ownerId: job.ownerId, ...(of ? { stakes: of } : {}) };
    const { isEmpty, ...candidate } = await getCandidate(tx, job, ruleOf(funded));
    if (isEmpty && job.isClosed) empty.push(job.jobId);
    else if (candidate.netMicro > 0n) candidates.push({ ...candidate, ...funded });
  }
  if (empty.length > 0) await markSettled(tx, empty);
  return candidates;
}

async function gatherMeans(tx: Tx, services: Services, cut: { candidates: readonly Candidate[]; pool: Pool; capMicro: Micro }): Promise<Means> {
  const { chainId, feeBps } = cut.pool;
  const owners = [...new Set(cut.candidates.flatMap(fundersOf))];
  const sponsorId = await accountOf(tx, services, "sponsor");
  const budgets = await listBudgetsOfAll(tx, chainId, sponsorId ? [...owners, sponsorId] : owners);
  const out = outBefore(cut.pool, services.clock.now());
  const isOpen = ({ withdrawAt }: { withdrawAt: Date | null }) => withdrawAt === null || withdrawAt > out;
  return {
    sources: budgets
      .filter(isOpen)
      .slice(0, BUDGETS_MAX)
      .map(({ key, accountId, balanceMicro, epochCapMicro }) => ({ key, accountId, takeableMicro: least(balanceMicro, epochCapMicro) })),
    granted: await listGranted(tx, owners, cut.pool.purse),
    sponsorId,
    capMicro: cut.capMicro,
    feeBps,
  };
}

/** The account of a wallet that the settings name; opened if it never signed in. */
async function accountOf(tx: Tx, { config, clock }: Services, role: "reserve" | "sponsor"): Promise<AccountId | null> {
  const wallet = requirePool(config)[role];
  if (wallet === null) return null;
  const address = getAddress(wallet);
  await insertAccount(tx, { id: newId("acc"), address, at: clock.now() });
  return (await findAccountByAddress(tx, address))?.id ?? null;
}
