"use client";

import { useQuery } from "@tanstack/react-query";
import { type Balances, balancesQuery, budgetsQuery, chainQuery } from "#lib/client/queries/money.ts";
import { type Pool, poolsOf } from "#lib/client/wallet/pool.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** Where an owner's money is. */
export function SpendingCard() {
  const { text, format } = useWords();
  const words = text.billing.balance;
  const { data, error, refetch } = useQuery(balancesQuery);
  const pools = poolsOf(useQuery(chainQuery).data);
  const money = (micro: string) => format.money(micro, data?.asset);
  return (
    <Card>
      <CardHead title={words.title} />
      {error ? <RefreshNote error={error} hasOlder={data !== undefined} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton label={text.site.loading} lines={4} /> : null}
      {data ? (
        <Facts>
          <Fact name={words.available}>
            <span className="font-semibold">{money(data.spending.availableMicro)}</span>
          </Fact>
          {data.spending.grantedMicro === "0" ? null : <Fact name={words.granted}>{money(data.spending.grantedMicro)}</Fact>}
          <Fact name={words.escrow}>{money(data.spending.escrowMicro)}</Fact>
          {data.spending.releasingMicro === "0" ? null : <Fact name={words.releasing}>{money(data.spending.releasingMicro)}</Fact>}
          {pools.map((pool) => (
            <OnChain key={pool.chainId} pool={pool} isOne={pools.length === 1} balances={data} />
          ))}
        </Facts>
      ) : null}
    </Card>
  );
}

/** What is in the budget on a chain; with several chains also what jobs of that chain can reserve. */
function OnChain({ pool, isOne, balances }: { pool: Pool; isOne: boolean; balances: Balances }) {
  const { text, fill, format } = useWords();
  const words = text.billing.balance;
  const { data: budgets } = useQuery(budgetsQuery(pool.chainId));
  const standing = budgets?.budgets.find(({ budgetId }) => budgetId === STANDING_BUDGET_ID);
  const spending = balances.chains.find(({ chainId }) => chainId === pool.chainId)?.spending;
  return (
    <>
      {isOne || !spending ? null : (
        <Fact name={fill(words.availableOn, { chain: pool.chainName })}>{format.money(spending.availableMicro, balances.asset)}</Fact>
      )}
      {standing ? (
        <Fact name={isOne ? words.budget : fill(words.budgetOn, { chain: pool.chainName })}>{format.money(standing.balanceMicro, balances.asset)}</Fact>
      ) : null}
    </>
  );
}
