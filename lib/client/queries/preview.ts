import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import type { OutputSample } from "#lib/domain/output/first-lines.ts";
import { beginsPicture } from "#lib/domain/output/picture.ts";
import { getResults, type JobView } from "#lib/protocol/jobs/jobs.ts";
import { api } from "./api.ts";
import { readBeginning } from "./read-beginning.ts";

const SAMPLE_BYTES = 16 * 1024;
/** A picture is shown whole or not at all. */
const PICTURE_BYTES_MAX = 4 * 1024 * 1024;
/** The beginning of a result no longer changes much once so many shards are in it. */
const SHARDS_WATCHED = 16;

/** The beginning of a job's result, or all of it where it is a picture, read from the same stream as the download and cut off there; anew with each step of an owner's reducer. */
export function previewQuery(job: Pick<JobView, "id" | "acceptedCount" | "reduction"> & { hasEnded: boolean }) {
  const version = job.reduction?.shards ?? (job.hasEnded ? "whole" : Math.min(job.acceptedCount, SHARDS_WATCHED));
  return queryOptions({
    queryKey: ["preview", job.id, version],
    enabled: job.acceptedCount > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => await readPreview(await api.open(getResults, { jobId: job.id }, { signal })),
  });
}

/** The beginning of an output, or all of it where it is a picture. */
export async function readPreview(response: Response): Promise<OutputSample> {
  return await readBeginning(response, (read) => (beginsPicture(read) ? PICTURE_BYTES_MAX : SAMPLE_BYTES));
}

/** Where a browser downloads a job's result, or the outputs that it is made of. */
export function resultUrl(jobId: JobId, as?: "outputs"): string {
  return `${getResults.path.replace("{jobId}", jobId)}${as ? `?as=${as}` : ""}`;
}
