"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { balancesQuery, chainQuery } from "#lib/client/queries/money.ts";
import { thisDeviceQuery } from "#lib/client/wallet/this-device.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** For an account without a wallet, which cannot be paid: what to do, and that what was earned stays until then. */
export function NoWalletCard() {
  const { text, format, fill } = useWords();
  const { noWallet, welcome } = text.rewards;
  const { data: here } = useQuery(thisDeviceQuery);
  const asset = useQuery(balancesQuery).data?.asset;
  const pool = useQuery(chainQuery).data?.pool;
  const isOwn = here && here.address === null && BigInt(here.earnedMicro) > 0n;
  return (
    <Card>
      <CardHead title={noWallet.title} />
      <p className="text-sm">{noWallet.text}</p>
      <ol className="my-4 list-decimal space-y-2 pl-5 text-sm">
        {noWallet.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Link href="/account" className={buttonLook({ kind: "primary" })}>
        {noWallet.action}
      </Link>
      {isOwn ? <p className="mt-4 text-sm">{fill(noWallet.here, { amount: format.money(here.earnedMicro, asset) })}</p> : null}
      <p className="mt-4 text-quiet text-sm">{noWallet.stays}</p>
      {pool?.unlinkedDays ? <Note className="mt-4">{fill(welcome.unlinked, { days: format.count(Math.ceil(pool.unlinkedDays), welcome.days) })}</Note> : null}
    </Card>
  );
}
