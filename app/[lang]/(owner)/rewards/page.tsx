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
import { ClaimCards } from "./claim-card.tsx";
import { DeviceList } from "./device-list.tsx";
import { EarningHistory } from "./earning-history.tsx";
import { EarningPlaces } from "./earning-places.tsx";
import { NoWalletCard } from "./no-wallet-card.tsx";
import { ProofCheck } from "./proof-check.tsx";
import { RewardsWelcome } from "./rewards-welcome.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.rewards.title };
}

export default async function RewardsPage() {
  const owner = await readOwner();
  const { title, lead } = (await readWords()).text.rewards;
  const { ctx, account } = owner;
  const client = createQueryClient();
  const chain = await getChain(ctx, {});
  const [first, ...further] = poolsOf(chain);
  client.setQueryData(chainQuery.queryKey, chain);
  if (account) await client.prefetchQuery({ ...balancesQuery, queryFn: () => getBalances(ctx, {}) });
  return (
    <GiveWords sections={["rewards", "wallet"]}>
      <HydrationBoundary state={dehydrate(client)}>
        {account ? (
          <>
            <PageHead title={title} lead={lead} />
            <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
              <div className="grid min-w-0 gap-4 lg:order-last">
                {account.address ? <ClaimCards address={account.address} /> : <NoWalletCard />}
                <DeviceList account={{ id: account.id, address: account.address, instance: { chainId: ctx.config.chain.id, isDemo: ctx.config.demo } }} />
              </div>
              <div className="grid min-w-0 gap-4">
                <EarningPlaces />
                <EarningHistory />
                {first ? <ProofCheck pools={[first, ...further]} address={account.address ?? ""} /> : null}
              </div>
            </div>
          </>
        ) : (
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_26rem]">
            <RewardsWelcome pool={chain.pool} />
            <div className="grid min-w-0 gap-4">
              <SignInDoor owner={owner} isSecond />
              {first ? <ProofCheck pools={[first, ...further]} address="" /> : null}
            </div>
          </div>
        )}
      </HydrationBoundary>
    </GiveWords>
  );
}
