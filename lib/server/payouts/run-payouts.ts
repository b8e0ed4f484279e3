import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { listUnclosedJobs } from "../accounts/data/account-data-store.ts";
import { chainClient } from "../chain/chain-client.ts";
import { onEveryChain } from "../chain/choose-chain.ts";
import { type Followed, followChain } from "../chain/follow-chain.ts";
import { findPool } from "../chain/pool-store.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { closeRelease, listLeaving, listOverdueReleases } from "../ledger/budgets/budget-store.ts";
import { postAccountGroup } from "../ledger/ledger-store.ts";
import { sumAccount } from "../ledger/posting-sum-store.ts";
import { advanceEpoch } from "./advance-epoch.ts";

const JOBS_MAX = 1000;

type Round = { booked: number; epoch: string | null; ended: number; expired: number };

/**
 * One round of everything between the books and each chain; nothing on an instance without contracts. A chain that fails keeps no other waiting: what was thrown is thrown once all
 * have had their turn.
 */
export async function runPayouts(services: Services): Promise<{ chains: Record<string, Round> }> {
  if (!services.config.pool) return { chains: {} };
  const every = onEveryChain(services);
  const followed = await Promise.allSettled(every.map(followChain));
  const chains: Record<string, Round> = {};
  const failures: unknown[] = [];
  for (const [i, services] of every.entries()) {
    try {
      const one = followed[i];
      if (one?.status !== "fulfilled") throw one?.reason;
      chains[services.config.chain.id] = await payOut(services, one.value);
    } catch (error) {
      failures.push(every.length === 1 ? error : new Error(`payouts on chain ${services.config.chain.id} failed`, { cause: error }));
    }
  }
  if (failures.length > 1) throw new AggregateError(failures, "payouts failed on several chains");
  if (failures.length === 1) throw failures[0];
  return { chains };
}

/** What follows from what was read of the chain at hand. */
async function payOut(services: Services, { booked, frozen }: Followed): Promise<Round> {
  if (frozen !== null) return { booked, epoch: null, ended: 0, expired: 0 };
  const expired = await expireReleases(services);
  const ended = await endUncoveredJobs(services);
  return { booked, ended, expired, epoch: await advanceEpoch(services) };
}

/** Gives back what a signed withdrawal held that nobody sent in time: the contract refuses it from its deadline on, and every block up to there is booked. */
async function expireReleases(services: Services): Promise<number> {
  const { chain, purse } = services.config;
  const chainId = chain.id;
  const pool = await findPool(services.db, chainId);
  if (!pool?.lastHash) return 0;
  const { timestamp } = await chainClient(services.config).getBlock({ blockHash: pool.lastHash });
  const overdue = await listOverdueReleases(services.db, chainId, new Date(Number(timestamp) * 1000));
  for (const release of overdue)
    await transaction(services.db, async (tx) => {
      if (!(await closeRelease(tx, chainId, { key: release.key, deadline: release.deadline, state: "expired" }))) return;
      await postAccountGroup(tx, { ref: `unrelease:${chainId}:${release.key}:${release.nonce}:${release.deadline.getTime() / 1000}`, purse }, [
        { accountId: release.accountId, side: "releasing", amountMicro: -release.amountMicro },
        { accountId: release.accountId, side: "available", amountMicro: release.amountMicro },
      ]);
    });
  return overdue.length;
}

/** Ends the jobs of owners whose money leaves the contract by the way that needs nobody, as far as it is promised to those jobs. */
async function endUncoveredJobs(services: Services): Promise<number> {
  let ended = 0;
  for (const { accountId, leavingMicro } of await listLeaving(services.db, services.config.chain.id)) {
    const { sides } = await sumAccount(services.db, accountId, services.config.purse);
    if (leavingMicro > (sides.available ?? 0n) + (sides.releasing ?? 0n)) ended += await endJobsOf(services, accountId);
  }
  return ended;
}

async function endJobsOf(services: Services, accountId: AccountId): Promise<number> {
  let ended = 0;
  for (const { id } of await listUnclosedJobs(services.db, accountId, { limit: JOBS_MAX, purse: services.config.purse }))
    if (await endJob(services, { jobId: id, state: "cancelled", reason: { code: "budget_leaving", params: {} } })) ended += 1;
  return ended;
}
