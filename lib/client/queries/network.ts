import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getNetwork, getNetworkHistory, type HistoryRange } from "#lib/protocol/network/network.ts";
import { listEpochs } from "#lib/protocol/payouts/payouts.ts";
import { api } from "./api.ts";

const FIGURES_MS = 10_000;
/** The instance counts once a minute. */
const HISTORY_MS = 30_000;

/** What the instance does now; asked for every ten seconds while the page is seen. */
export const networkQuery = queryOptions({
  queryKey: ["network"],
  queryFn: ({ signal }) => api.call(getNetwork, {}, { signal }),
  refetchInterval: FIGURES_MS,
});

/** The newest epoch of a chain, of the first where none is named; null where none was cut yet. */
export const lastEpochQuery = (chainId?: number) =>
  queryOptions({
    queryKey: ["last-epoch", chainId],
    queryFn: async ({ signal }) => (await api.call(listEpochs, { limit: 1, chainId }, { signal })).epochs[0] ?? null,
    refetchInterval: HISTORY_MS,
  });

/** Verified shards over a range; the range shown before stays until the next has come. */
export function networkHistoryQuery(range: HistoryRange) {
  return queryOptions({
    queryKey: ["network-history", range],
    queryFn: ({ signal }) => api.call(getNetworkHistory, { range }, { signal }),
    refetchInterval: HISTORY_MS,
    placeholderData: keepPreviousData,
  });
}
