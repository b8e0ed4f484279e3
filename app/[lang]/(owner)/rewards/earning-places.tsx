"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { balancesQuery } from "#lib/client/queries/money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** Every place in which earnings can be, in the order in which they move on, each with what moves it and when. */
export function EarningPlaces() {
  const { text, format } = useWords();
  const { places } = text.rewards;
  const { data, error, refetch } = useQuery(balancesQuery);
  const money = (micro: string) => format.money(micro, data?.asset);
  return (
    <Card>
      <CardHead title={places.title} />
      {error ? <RefreshNote error={error} hasOlder={data !== undefined} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton label={text.site.loading} lines={6} /> : null}
      {data ? (
        <ol className="divide-y divide-line">
          <Place {...places.pending} amount={money(data.earning.pendingMicro)} />
          <Place {...places.reserved} amount={money(data.earning.reservedMicro)} isPart />
          <Place {...places.verified} amount={money(data.earning.verifiedMicro)} next={say(places.verifiedNext, data.next.epochAt)} />
          <Place {...places.publishing} amount={money(data.earning.publishingMicro)} next={say(places.publishingNext, data.next.claimableAt)} />
          <Place {...places.claimable} amount={money(data.earning.claimableMicro)} isStrong />
          <Place {...places.claimed} amount={money(data.earning.claimedMicro)} />
        </ol>
      ) : null}
    </Card>
  );
}

/** When the next step is due; one that is due already waits for its turn and has no moment to name. */
function say(sentence: string, at: string | null): ReactNode {
  if (at === null || new Date(at) <= new Date()) return null;
  return (
    <>
      {sentence} <Moment at={at} />
    </>
  );
}

type PlaceProps = { name: string; text: string; amount: string; next?: ReactNode; isPart?: boolean; isStrong?: boolean };

function Place({ name, text, amount, next, isPart, isStrong }: PlaceProps) {
  return (
    <li className={cn("grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 py-3", isPart && "pl-5")}>
      <h3 className="font-medium text-sm">{name}</h3>
      <p className={cn("text-right font-semibold tabular-nums", isStrong && "text-accent")}>{amount}</p>
      <p className="col-span-2 max-w-prose text-quiet text-sm">{text}</p>
      {next ? (
        <p className="col-span-2 mt-1 text-sm" suppressHydrationWarning>
          {next}
        </p>
      ) : null}
    </li>
  );
}
