import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen, type JobState } from "#lib/domain/job/job.ts";
import { firstUndecided, joinMaps } from "#lib/domain/job/shard-map.ts";
import {
  cancelJob,
  discardResults,
  getJob,
  getJobMap,
  type JobView,
  listJobs,
  listShards,
  pauseJob,
  raiseBudget,
  rerunFailed,
  resumeJob,
  type ShardMapView,
} from "#lib/protocol/jobs/jobs.ts";
import { newIdempotencyKey } from "../api/idempotency-key.ts";
import { api } from "./api.ts";

/** A job that moves is asked for this often; one that only its owner moves, less; one that ended, never, unless a reducer of the owner's is still at work on it. */
const RUNNING_MS = 2_000;
const WAITING_MS = 10_000;
const LIST_MS = 4_000;
export const PAGE_JOBS = 25;
const PAGE_SHARDS = 20;

function refreshMs(job: (Pick<JobView, "state"> & Partial<Pick<JobView, "reduction">>) | undefined): number | false {
  if (job?.reduction?.state === "going") return RUNNING_MS;
  if (job?.reduction?.state === "waits") return WAITING_MS;
  if (!job || !isOpen(job.state)) return false;
  return job.state === "running" ? RUNNING_MS : WAITING_MS;
}

/** Which of the account's jobs are listed: all, those in one state, those whose name or topic holds a text. */
export type JobFilter = { state: JobState | null; search: string };

/** The account's jobs, newest first, as far as the filter lets them; refreshed while any of them moves, the more rarely the more are shown. */
export function jobsQuery({ state: only, search }: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ["jobs", only, search],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(listJobs, { limit: PAGE_JOBS, after: pageParam, ...(only ? { state: only } : {}), ...(search ? { search } : {}) }, { signal }),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.jobs.some((job) => isOpen(job.state))) ? LIST_MS * Math.max(1, data.pages.length) : false,
  });
}

export function jobQuery(jobId: JobId) {
  return queryOptions({
    queryKey: ["job", jobId],
    queryFn: ({ signal }) => api.call(getJob, { jobId }, { signal }),
    refetchInterval: ({ state }) => refreshMs(state.data),
  });
}

/**
 * Where the shards of a job stand, refreshed as often as the job unless it is large. While it moves only what has no verdict is asked for again;
 * once it has ended the whole is, because a replica may have disagreed with a verdict after it was made.
 */
export function jobMapQuery({ id, state }: Pick<JobView, "id" | "state">) {
  return queryOptions({
    queryKey: ["job-map", id, isOpen(state)],
    queryFn: async ({ client, queryKey, signal }): Promise<ShardMapView> => {
      const held = client.getQueryData<ShardMapView>(queryKey);
      const fresh = await api.call(getJobMap, { jobId: id, from: held ? firstUndecided(held) : 0 }, { signal });
      if (!held) return fresh;
      return held.version === fresh.version ? joinMaps(held, fresh) : await api.call(getJobMap, { jobId: id, from: 0 }, { signal });
    },
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    // A large job is read by the thousand shards, and a mark of it changes the more rarely.
    refetchInterval: (query) => (isOpen(state) && (query.state.data?.shardsPerMark ?? 1) > 1 ? WAITING_MS : refreshMs({ state })),
  });
}

/** The failed shards of a job; asked for anew when their number has changed. */
export function failedShardsQuery(jobId: JobId, failedCount: number) {
  return infiniteQueryOptions({
    queryKey: ["failed-shards", jobId, failedCount],
    initialPageParam: -1,
    queryFn: ({ pageParam, signal }) => api.call(listShards, { jobId, verdict: "failed", after: pageParam, limit: PAGE_SHARDS }, { signal }),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const MOVES = { pause: pauseJob, resume: resumeJob, cancel: cancelJob, discard: discardResults } as const;

/** Pauses, resumes or cancels a job; the answer replaces what the page shows. */
export function useMoveJob(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (move: keyof typeof MOVES) => api.call(MOVES[move], { jobId }),
    onSuccess: (job) => client.setQueryData(jobQuery(jobId).queryKey, job),
    // Also after a refusal: the job is not in the state that the page shows.
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["job", jobId] }), client.invalidateQueries({ queryKey: ["me"] })]),
  });
}

/** Raises what a job has reserved to a total; the answer replaces what the page shows. */
export function useRaiseBudget(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reservedMicro: bigint) => api.call(raiseBudget, { jobId, reservedMicro: String(reservedMicro) }),
    onSuccess: async (job) => {
      client.setQueryData(jobQuery(jobId).queryKey, job);
      await client.invalidateQueries({ queryKey: ["me"] });
    },
  });
}

/** What this page asked for and has no answer to: until it is known to be done, each press is another attempt at the same, so that none is paid for twice. */
const rerunKeys = new Map<JobId, string>();

/** Computes the failed shards of a job again. Whatever was shown of the job is read anew, for shards that had an end have none; `onDone` is called also where what asked is not shown any more. */
export function useRerunFailed(jobId: JobId, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const idempotencyKey = rerunKeys.get(jobId) ?? newIdempotencyKey();
      rerunKeys.set(jobId, idempotencyKey);
      return api.call(rerunFailed, { jobId }, { idempotencyKey });
    },
    onSuccess: async (job) => {
      onDone();
      rerunKeys.delete(jobId);
      const isOfJob = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey.includes(jobId);
      client.removeQueries({ predicate: (query) => isOfJob(query) && query.queryKey[0] !== "job" });
      client.setQueryData(jobQuery(jobId).queryKey, job);
      await Promise.all([client.invalidateQueries({ queryKey: ["job", jobId] }), client.invalidateQueries({ queryKey: ["me"] })]);
    },
  });
}
