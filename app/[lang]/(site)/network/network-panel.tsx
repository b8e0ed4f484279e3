"use client";

import { useQuery } from "@tanstack/react-query";
import { networkQuery } from "#lib/client/queries/network.ts";
import type { NetworkView } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { NetworkFigures } from "./network-figures.tsx";
import { RunningJobs } from "./running-jobs.tsx";
import { TrustAndPayouts } from "./trust-and-payouts.tsx";
import { VerifiedChart } from "./verified-chart.tsx";

/** The instance, live. What is known stays while it is refreshed or cannot be. */
export function NetworkPanel() {
  const text = useWords().text.network;
  const { data, error, refetch } = useQuery(networkQuery);
  return (
    <div className="space-y-4">
      {error ? <RefreshNote error={error} hasOlder={data !== undefined} onRetry={() => void refetch()} /> : null}
      {data ? <Loaded network={data} /> : error ? null : <Skeleton label={text.loading} lines={9} />}
    </div>
  );
}

function Loaded({ network }: { network: NetworkView }) {
  const text = useWords().text.network;
  const { devices, verified, jobCount } = network;
  const isEmpty = jobCount === 0 && devices.computing === 0 && devices.seen === 0 && (verified?.total ?? 0) === 0;
  if (isEmpty) return <EmptyState title={text.empty} text={verified ? text.emptyText : `${text.emptyText} ${text.figures.notCounted}`} />;
  return (
    <>
      <NetworkFigures network={network} />
      <VerifiedChart />
      <TrustAndPayouts />
      <RunningJobs network={network} />
    </>
  );
}
