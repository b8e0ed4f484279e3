import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { getResults } from "#lib/protocol/jobs/jobs.ts";
import { api } from "./api.ts";
import { readFirstLines } from "./read-first-lines.ts";

const PREVIEW = { linesMax: 12, bytesMax: 16 * 1024 };
/** The beginning of a result no longer changes much once so many shards are in it. */
const SHARDS_WATCHED = 16;

/** The first lines of a job's result, read from the same stream as the download and cut off there. */
export function previewQuery(job: { id: JobId; acceptedCount: number; hasEnded: boolean }) {
  const version = job.hasEnded ? "whole" : Math.min(job.acceptedCount, SHARDS_WATCHED);
  return queryOptions({
    queryKey: ["preview", job.id, version],
    enabled: job.acceptedCount > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => await readFirstLines(await api.open(getResults, { jobId: job.id }, { signal }), PREVIEW),
  });
}

/** Where a browser downloads a job's result. */
export function resultUrl(jobId: JobId): string {
  return getResults.path.replace("{jobId}", jobId);
}
