import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { balancesQuery, chainQuery } from "#lib/client/queries/money.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { poolsOf } from "#lib/client/wallet/pool.ts";
import { getChain } from "#lib/server/chain/get-chain.ts";
import { getBalances } from "#lib/server/ledger/get-balances.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../give-words.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { WalletNeeded } from "../wallet-needed.tsx";
import { JobEscrows } from "./job-escrows.tsx";
import { SpendingCard } from "./spending-card.tsx";
import { Statement } from "./statement.tsx";
import { WaysOfMoney } from "./ways-of-money.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.billing.title };
}

export default async function BillingPage() {
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const { ctx, account } = owner;
  const { title, lead } = (await readWords()).text.billing;
  const client = createQueryClient();
  const chain = await getChain(ctx, {});
  const pools = poolsOf(chain);
  client.setQueryData(chainQuery.queryKey, chain);
  await client.prefetchQuery({ ...balancesQuery, queryFn: () => getBalances(ctx, {}) });
  return (
    <GiveWords sections={["billing", "wallet"]}>
      <HydrationBoundary state={dehydrate(client)}>
        <PageHead title={title} lead={lead} />
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="grid min-w-0 gap-4">
            <SpendingCard />
            <JobEscrows />
            <Statement />
          </div>
          {pools.length > 0 ? (
            <div className="grid min-w-0 gap-4">{account.address ? <WaysOfMoney pools={pools} address={account.address} /> : <WalletNeeded />}</div>
          ) : null}
        </div>
      </HydrationBoundary>
    </GiveWords>
  );
}
