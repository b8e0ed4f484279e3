import "server-only";
import type { listBudgets as listBudgetsEndpoint } from "#lib/protocol/budgets/budgets.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { requirePool } from "../../chain/chain-client.ts";
import { onChain } from "../../chain/choose-chain.ts";
import { findPool } from "../../chain/pool-store.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { listBudgetsOf, listReleases, listSeenDeposits } from "./budget-store.ts";
import { viewRelease } from "./view-release.ts";

type Endpoint = typeof listBudgetsEndpoint;

/** The account's budgets on a chain as it has confirmed them, and what is still on its way. */
export async function listBudgets(given: Context, { chainId: asked }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx = onChain(given, asked);
  const { accountId, address } = requireAccount(ctx.principal, "jobs:read");
  const { confirmations } = requirePool(ctx.config);
  const chainId = ctx.config.chain.id;
  const [pool, budgets, releases, deposits] = await Promise.all([
    findPool(ctx.db, chainId),
    listBudgetsOf(ctx.db, chainId, accountId),
    listReleases(ctx.db, chainId, accountId),
    address === null ? [] : listSeenDeposits(ctx.db, chainId, address),
  ]);
  const releaseOf = new Map(releases.map((release) => [release.key, release]));
  return {
    budgets: budgets.map((budget) => {
      const release = releaseOf.get(budget.key);
      return {
        budgetId: budget.budgetId,
        key: budget.key,
        balanceMicro: String(budget.balanceMicro),
        epochCapMicro: String(budget.epochCapMicro),
        withdrawAt: budget.withdrawAt?.toISOString() ?? null,
        release: release ? viewRelease(release, budget.budgetId) : null,
      };
    }),
    pendingDeposits: deposits.map(({ amountMicro, ...deposit }) => ({
      ...deposit,
      amountMicro: String(amountMicro),
      confirmations: Math.max(0, (pool?.head ?? deposit.block) - deposit.block),
      needed: confirmations,
    })),
  };
}
