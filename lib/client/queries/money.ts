import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeviceId, JobId } from "#lib/domain/ids.ts";
import { getBalances } from "#lib/protocol/balances/balances.ts";
import { exportInvoices, exportStatement, listBudgets, listStatement } from "#lib/protocol/budgets/budgets.ts";
import { getChain } from "#lib/protocol/chain/chain.ts";
import { closeDevice, listMyDevices, unlinkDevice } from "#lib/protocol/devices/devices-of-account.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import { type EARNING_KINDS, exportEarnings, listEarnings } from "#lib/protocol/payouts/payouts.ts";
import { api } from "./api.ts";

const REFRESH_MS = 10_000;
const PAGE_ROWS = 20;

export type Balances = OutputOf<typeof getBalances>;
/** What of the earnings is asked for; what is not named is not filtered by. */
export type EarningFilter = { kind?: (typeof EARNING_KINDS)[number]; deviceId?: DeviceId; jobId?: JobId; from?: string; to?: string };
export type EarningRow = OutputOf<typeof listEarnings>["rows"][number];

/** The contracts of the instance on its chains and their terms; null in it without a chain. */
export const chainQuery = queryOptions({ queryKey: ["chain"], staleTime: 60_000, queryFn: ({ signal }) => api.call(getChain, {}, { signal }) });

export const balancesQuery = queryOptions({
  queryKey: ["money", "balances"],
  queryFn: ({ signal }) => api.call(getBalances, {}, { signal }),
  refetchInterval: REFRESH_MS,
});

export const myDevicesQuery = queryOptions({
  queryKey: ["money", "devices"],
  queryFn: async ({ signal }) => (await api.call(listMyDevices, {}, { signal })).devices,
  refetchInterval: 3 * REFRESH_MS,
});

/** The account's movements of one kind, or all, newest first. */
export function earningsQuery(filter: EarningFilter) {
  return infiniteQueryOptions({
    queryKey: ["money", "earnings", filter],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => api.call(listEarnings, { limit: PAGE_ROWS, after: pageParam, ...filter }, { signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** Where a browser downloads the movements as CSV, with the same filter. */
export function earningsUrl(filter: EarningFilter): string {
  const query = new URLSearchParams(Object.entries(filter)).toString();
  return query === "" ? exportEarnings.path : `${exportEarnings.path}?${query}`;
}

export function useUnlinkDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deviceId: DeviceId) => api.call(unlinkDevice, { deviceId }),
    onSettled: () => client.invalidateQueries({ queryKey: ["money"] }),
  });
}

export function useCloseDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deviceId: DeviceId) => api.call(closeDevice, { deviceId }),
    onSettled: () => client.invalidateQueries({ queryKey: ["money"] }),
  });
}

/** The account's budgets on a chain. */
export const budgetsQuery = (chainId: number | undefined) =>
  queryOptions({
    queryKey: ["money", "budgets", chainId],
    queryFn: ({ signal }) => api.call(listBudgets, { chainId }, { signal }),
    refetchInterval: REFRESH_MS,
  });

/** What moved the account's spendable money, newest first. */
export const statementQuery = infiniteQueryOptions({
  queryKey: ["money", "statement"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) => api.call(listStatement, { limit: PAGE_ROWS, after: pageParam }, { signal }),
  refetchInterval: 3 * REFRESH_MS,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** Where a browser downloads the statement, and a line for each job, as CSV. */
export const STATEMENT_URL = exportStatement.path;
export const INVOICES_URL = exportInvoices.path;
