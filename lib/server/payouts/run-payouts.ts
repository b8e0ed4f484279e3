import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { listUnclosedJobs } from "../accounts/data/account-data-store.ts";
import { chainClient } from "../chain/chain-client.ts";
import { followChain } from "../chain/follow-chain.ts";
import { findPool } from "../chain/pool-store.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { closeRelease, listLeaving, listOverdueReleases } from "../ledger/budgets/budget-store.ts";
import { postAccountGroup } from "../ledger/ledger-store.ts";
import { sumAccount } from "../ledger/posting-sum-store.ts";
import { advanceEpoch } from "./advance-epoch.ts";

const JOBS_MAX = 1000;

/** One round of everything between the books and the chain; nothing on an instance without contracts. */
export async function runPayouts(services: Services): Promise<{ booked: number; epoch: string | null; ended: number; expired: number }> {
  if (!services.config.pool) return { booked: 0, epoch: null, ended: 0, expired: 0 };
  const { booked, frozen } = await followChain(services);
  if (frozen !== null) return { booked, epoch: null, ended: 0, expired: 0 };
  const expired = await expireReleases(services);
  const ended = await endUncoveredJobs(services);
  return { booked, ended, expired, epoch: await advanceEpoch(services) };
}

/** Gives back what a signed withdrawal held that nobody sent in time: the contract refuses it from its deadline on, and every block up to there is booked. */
async function expireReleases(services: Services): Promise<number> {
  const chainId = services.config.chain.id;
  const pool = await findPool(services.db, chainId);
  if (!pool?.lastHash) return 0;
  const { timestamp } = await chainClient(services.config).getBlock({ blockHash: pool.lastHash });
  const overdue = await listOverdueReleases(services.db, chainId, new Date(Number(timestamp) * 1000));
  for (const release of overdue)
    await transaction(services.db, async (tx) => {
      if (!(await closeRelease(tx, chainId, { key: release.key, deadline: release.deadline, state: "expired" }))) return;
      await postAccountGroup(tx, `unrelease:${release.key}:${release.nonce}:${release.deadline.getTime() / 1000}`, [
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
    const { sides } = await sumAccount(services.db, accountId);
    if (leavingMicro > (sides.available ?? 0n) + (sides.releasing ?? 0n)) ended += await endJobsOf(services, accountId);
  }
  return ended;
}

async function endJobsOf(services: Services, accountId: AccountId): Promise<number> {
  let ended = 0;
  for (const { id } of await listUnclosedJobs(services.db, accountId, JOBS_MAX))
    if (await endJob(services, { jobId: id, state: "cancelled", reason: { code: "budget_leaving", params: {} } })) ended += 1;
  return ended;
}
