import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { endIncident, getInstanceFigures, getStatus, holdJob, listActs, listInstanceJobs, postIncident } from "#lib/protocol/instance/operations.ts";
import {
  decideReview,
  getInstance,
  inspectReview,
  listReports,
  listReviews,
  listRules,
  removeRule,
  resumeInstance,
  setRule,
  stopInstance,
  takeDownJob,
} from "#lib/protocol/instance/policy.ts";
import { api } from "./api.ts";

const REFRESH_MS = 10_000;
const PAGE_JOBS = 10;
const PAGE_ACTS = 10;
/** The first part of every key here, so that one act makes the page read all of it anew. */
const ROOM = "instance";

export const instanceQuery = queryOptions({
  queryKey: [ROOM, "state"],
  queryFn: ({ signal }) => api.call(getInstance, {}, { signal }),
  refetchInterval: REFRESH_MS,
});

export const figuresQuery = queryOptions({
  queryKey: [ROOM, "figures"],
  queryFn: ({ signal }) => api.call(getInstanceFigures, {}, { signal }),
  refetchInterval: REFRESH_MS,
});

/** The jobs that wait for an operator. */
export const reviewsQuery = queryOptions({
  queryKey: [ROOM, "reviews"],
  queryFn: async ({ signal }) => (await api.call(listReviews, {}, { signal })).reviews,
  refetchInterval: REFRESH_MS,
});

/** What the program of a waiting job is. It does not change while the job waits, and not being asked again keeps what was fetched for its dry run. */
export function reviewQuery(jobId: JobId) {
  return queryOptions({
    queryKey: ["review", jobId],
    queryFn: ({ signal }) => api.call(inspectReview, { jobId }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Everybody's jobs, a page at a time. */
export function instanceJobsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [ROOM, "jobs", search],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as JobId | undefined,
    queryFn: ({ pageParam, signal }) => api.call(listInstanceJobs, { limit: PAGE_JOBS, after: pageParam, ...(search ? { search } : {}) }, { signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export const reportsQuery = queryOptions({
  queryKey: [ROOM, "reports"],
  queryFn: async ({ signal }) => (await api.call(listReports, {}, { signal })).reports,
  refetchInterval: REFRESH_MS,
});

export const rulesQuery = queryOptions({ queryKey: [ROOM, "rules"], queryFn: async ({ signal }) => (await api.call(listRules, {}, { signal })).rules });

/** What operators did, a page at a time. */
export const actsQuery = infiniteQueryOptions({
  queryKey: [ROOM, "acts"],
  initialPageParam: undefined as number | undefined,
  queryFn: ({ pageParam, signal }) => api.call(listActs, { limit: PAGE_ACTS, ...(pageParam === undefined ? {} : { before: pageParam }) }, { signal }),
  getNextPageParam: (page) => page.next ?? undefined,
});

type OpenIncident = OutputOf<typeof postIncident>;

/**
 * What everybody is told that has not ended. The public status is up to five seconds old, so what was told or ended here is written into this list and not
 * asked for: the next asking is later than that.
 */
export const openIncidentsQuery = queryOptions({
  queryKey: ["open-incidents"],
  queryFn: async ({ signal }): Promise<OpenIncident[]> => (await api.call(getStatus, {}, { signal })).incidents.filter(({ endedAt }) => endedAt === null),
  refetchInterval: REFRESH_MS,
});

/** An act of an operator; whatever becomes of it, the page is read anew. */
function useAct<In, Out>(act: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: [ROOM] }) });
}

export const useStopInstance = () => useAct((reason: string) => api.call(stopInstance, { reason }));
export const useResumeInstance = () => useAct(() => api.call(resumeInstance, {}));
export const useDecideReview = () => useAct((input: InputOf<typeof decideReview>) => api.call(decideReview, input));
export const useHoldJob = () => useAct((input: InputOf<typeof holdJob>) => api.call(holdJob, input));
export const useTakeDownJob = () => useAct((input: InputOf<typeof takeDownJob>) => api.call(takeDownJob, input));
export const useSetRule = () => useAct((input: InputOf<typeof setRule>) => api.call(setRule, input));
export const useRemoveRule = () => useAct((input: InputOf<typeof removeRule>) => api.call(removeRule, input));

export function usePostIncident() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof postIncident>) => api.call(postIncident, input),
    onSuccess: (told) => client.setQueryData(openIncidentsQuery.queryKey, (before) => [told, ...(before ?? [])]),
    onSettled: () => client.invalidateQueries({ queryKey: actsQuery.queryKey }),
  });
}

export function useEndIncident() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof endIncident>) => api.call(endIncident, input),
    onSuccess: (_, { no }) => client.setQueryData(openIncidentsQuery.queryKey, (before) => before?.filter((told) => told.no !== no)),
    onSettled: () => client.invalidateQueries({ queryKey: actsQuery.queryKey }),
  });
}
