"use client";

import { Fragment } from "react";
import { type Pool, titleOn } from "#lib/client/wallet/pool.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { DepositCard } from "./deposit-card.tsx";
import { WithdrawCard } from "./withdraw-card.tsx";

/** The ways of money in and out, on each chain. */
export function WaysOfMoney({ pools, address }: { pools: readonly Pool[]; address: string }) {
  const { deposit, withdraw } = useWords().text.billing;
  return pools.map((pool, i) => (
    <Fragment key={pool.chainId}>
      <DepositCard pool={pool} address={address} title={titleOn(deposit.title, pool, pools)} fieldId={i === 0 ? "deposit" : `deposit-${pool.chainId}`} />
      <WithdrawCard pool={pool} address={address} title={titleOn(withdraw.title, pool, pools)} fieldId={i === 0 ? "withdraw" : `withdraw-${pool.chainId}`} />
    </Fragment>
  ));
}
