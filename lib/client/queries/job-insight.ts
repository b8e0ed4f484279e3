import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { getJobHistory, listFailures } from "#lib/protocol/jobs/insight.ts";
import { type JobView, listShards } from "#lib/protocol/jobs/jobs.ts";
import { getOutput } from "#lib/protocol/jobs/outputs.ts";
import { getJobTrust } from "#lib/protocol/jobs/trust.ts";
import { api } from "./api.ts";
import { readPreview } from "./preview.ts";

const REFRESH_MS = 10_000;

type JobOf = Pick<JobView, "id" | "state">;
const refresh = ({ state }: JobOf) => (isOpen(state) ? REFRESH_MS : (false as const));

/** How fast the job was over its life; asked again while it moves. */
export function historyQuery(job: JobOf) {
  return queryOptions({
    queryKey: ["job-history", job.id, isOpen(job.state)],
    queryFn: ({ signal }) => api.call(getJobHistory, { jobId: job.id }, { signal }),
    refetchInterval: refresh(job),
    placeholderData: keepPreviousData,
  });
}

/** How far the job's results can be trusted; asked again while they may change, also after the job was computed. */
export function trustQuery(job: JobOf) {
  return queryOptions({
    queryKey: ["job-trust", job.id, isOpen(job.state)],
    queryFn: ({ signal }) => api.call(getJobTrust, { jobId: job.id }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (isOpen(job.state) || (data?.shards.provisional ?? 0) > 0 ? REFRESH_MS : false),
  });
}

/** The failed shards by how they failed; asked for anew when their number has changed. */
export function failuresQuery(jobId: JobId, failedCount: number) {
  return queryOptions({
    queryKey: ["job-failures", jobId, failedCount],
    queryFn: ({ signal }) => api.call(listFailures, { jobId }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One shard with its replicas; null while it has no verdict. */
export function shardQuery(job: JobOf, no: number) {
  return queryOptions({
    queryKey: ["shard", job.id, no],
    queryFn: async ({ signal }) => {
      const { shards } = await api.call(listShards, { jobId: job.id, after: no - 1, limit: 1 }, { signal });
      return shards.find((shard) => shard.no === no) ?? null;
    },
    refetchInterval: ({ state: { data } }) => (data?.verdict ? false : refresh(job)),
  });
}

/** The beginning of the output of one accepted shard. */
export function outputQuery(jobId: JobId, shard: { no: number; digest: string | null }) {
  return queryOptions({
    queryKey: ["output", jobId, shard.no, shard.digest],
    queryFn: async ({ signal }) => await readPreview(await api.open(getOutput, { jobId, no: shard.no }, { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Where a browser downloads the output of one shard. */
export function outputUrl(jobId: JobId, no: number): string {
  return getOutput.path.replace("{jobId}", jobId).replace("{no}", String(no));
}
