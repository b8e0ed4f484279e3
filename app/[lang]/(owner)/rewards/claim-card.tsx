"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { balancesQuery, chainQuery } from "#lib/client/queries/money.ts";
import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import { type Pool, poolsOf, titleOn } from "#lib/client/wallet/pool.ts";
import type { Session } from "#lib/client/wallet/send-call.ts";
import { useTransaction } from "#lib/client/wallet/use-transaction.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { ChainErrorNote } from "../transaction/chain-error-note.tsx";
import { TransactionEnd } from "../transaction/transaction-end.tsx";
import { WalletGate } from "../transaction/wallet-gate.tsx";

const PROOF_RETRY_MS = 3000;
const PROOF_TRIES_MAX = 10;

/** The ways of what can be claimed into the wallet: one on each chain. */
export function ClaimCards({ address }: { address: string }) {
  const { claim, welcome } = useWords().text.rewards;
  const { data: chain } = useQuery(chainQuery);
  const pools = poolsOf(chain);
  if (pools.length > 0) return pools.map((pool) => <ClaimCard key={pool.chainId} address={address} pool={pool} title={titleOn(claim.title, pool, pools)} />);
  return (
    <Card>
      <CardHead title={claim.title} />
      {chain ? <Note>{welcome.noChain}</Note> : null}
    </Card>
  );
}

function ClaimCard({ address, pool, title }: { address: string; pool: Pool; title: string }) {
  const { text, fill, format } = useWords();
  const { claim } = text.rewards;
  const { data: balances, error, refetch } = useQuery(balancesQuery);
  const claimableMicro = balances?.chains.find(({ chainId }) => chainId === pool.chainId)?.earning.claimableMicro;
  return (
    <Card>
      <CardHead title={title} />
      {error && !balances ? <RefreshNote error={error} hasOlder={false} onRetry={() => void refetch()} /> : null}
      {pool.frozen ? (
        <Note tone="warn" className="mb-4">
          {claim.frozen}
        </Note>
      ) : null}
      {balances && claimableMicro !== undefined ? (
        <ClaimAction
          address={address}
          pool={pool}
          claimableMicro={claimableMicro}
          ready={fill(claim.ready, {
            amount: format.money(claimableMicro, balances.asset),
            address: `${address.slice(0, 6)}…${address.slice(-4)}`,
          })}
          action={fill(claim.action, { amount: format.money(claimableMicro, balances.asset) })}
        />
      ) : null}
    </Card>
  );
}

type ActionProps = { address: string; pool: Pool; claimableMicro: string; ready: string; action: string };

function ClaimAction({ address, pool, claimableMicro, ready, action }: ActionProps) {
  const { text, fill } = useWords();
  const { claim } = text.rewards;
  const transaction = useTransaction(pool);
  const { isPending, isSuccess, error, variables } = transaction;
  const [isRelayed, setRelayed] = useState(false);
  const send = (wallet: AccountWallet, byRelay: boolean) => {
    setRelayed(byRelay);
    const run = async (session: Session) =>
      byRelay
        ? await (await import("#lib/client/wallet/claim-by-relay.ts")).claimByRelay(session)
        : await (await import("#lib/client/wallet/claim.ts")).claim(session);
    transaction.mutate({ wallet, run });
  };
  const isDue = BigInt(claimableMicro) > 0n;
  return (
    <>
      {isDue && !isSuccess ? (
        <>
          <p className="mb-4 text-sm">{ready}</p>
          <WalletGate address={address}>
            {(wallet) => (
              <>
                <Button kind="primary" size="large" className="w-full" disabled={isPending} onClick={() => send(wallet, false)}>
                  {isPending ? claim.busy : error && !isRelayed ? claim.again : action}
                </Button>
                {isPending || error ? null : <Fee address={address} pool={pool} claimableMicro={claimableMicro} />}
                {pool.relay ? <ByRelay pool={pool} claimableMicro={claimableMicro} isBusy={isPending} onClaim={() => send(wallet, true)} /> : null}
              </>
            )}
          </WalletGate>
        </>
      ) : null}
      {isDue || isPending || isSuccess ? null : <p className="text-quiet text-sm">{claim.nothing}</p>}
      {variables ? (
        <TransactionEnd
          transaction={transaction}
          pool={pool}
          wallet={variables.wallet}
          done={fill(claim.done, { count: pool.confirmations })}
          onSwitched={() => send(variables.wallet, isRelayed)}
        />
      ) : null}
    </>
  );
}

type RelayProps = { pool: Pool; claimableMicro: string; isBusy: boolean; onClaim: () => void };

/** The way without gas: what it costs, what arrives, and that the wallet signs and sends nothing. */
function ByRelay({ pool, claimableMicro, isBusy, onClaim }: RelayProps) {
  const { text, fill, format } = useWords();
  const { relay: words } = text.rewards;
  const feeMicro = BigInt(pool.relay?.feeMicro ?? 0);
  const dueMicro = BigInt(claimableMicro);
  const money = (micro: bigint) => format.money(micro, pool.token.symbol);
  const isWorthIt = dueMicro > feeMicro;
  return (
    <div className="mt-5 space-y-3 border-line border-t pt-4 text-sm">
      <p>{isWorthIt ? fill(words.text, { fee: money(feeMicro), rest: money(dueMicro - feeMicro) }) : fill(words.tooLittle, { fee: money(feeMicro) })}</p>
      {isWorthIt ? (
        <Button className="w-full" disabled={isBusy} onClick={onClaim}>
          {words.action}
        </Button>
      ) : null}
    </div>
  );
}

/** What the network will charge, or why a claim would fail, before anybody is asked to sign. */
function Fee({ address, pool, claimableMicro }: { address: string; pool: Pool; claimableMicro: string }) {
  const { text, fill } = useWords();
  const { data, error } = useQuery({
    queryKey: ["money", "claim-fee", pool.chainId, address, claimableMicro],
    // A root is on the chain before the instance has followed it there.
    retry: (count, failure) => count < PROOF_TRIES_MAX && (failure as { problem?: unknown }).problem === "proof_outdated",
    retryDelay: PROOF_RETRY_MS,
    staleTime: 30_000,
    queryFn: async () => await (await import("#lib/client/wallet/claim.ts")).estimateClaim(pool, address),
  });
  if (error) return <ChainErrorNote className="mt-3" error={error} pool={pool} wallet={null} />;
  if (!data) return null;
  return (
    <p className="mt-2 text-quiet text-sm">
      {fill(text.wallet.fee, { fee: shortFee(data.feeCoins), coin: pool.coin })}{" "}
      {data.isEnough ? null : fill(text.wallet.problems.gas_short, { network: pool.chainName, coin: pool.coin })}
    </p>
  );
}

/** Two digits that count are enough of a fee. */
function shortFee(coins: string): string {
  const value = Number(coins);
  return value === 0 ? "0" : value.toFixed(Math.max(2, 1 - Math.floor(Math.log10(value))));
}
