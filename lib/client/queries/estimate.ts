import { keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { estimateJob } from "#lib/protocol/jobs/estimate.ts";
import { api } from "./api.ts";

const REFRESH_MS = 30_000;

/** What a job would take on the devices that are there now; asked again every half minute while the page is seen. Null asks nothing. */
export function estimateQuery(input: InputOf<typeof estimateJob> | null) {
  return queryOptions({
    queryKey: ["estimate", input],
    queryFn: input ? ({ signal }) => api.call(estimateJob, input, { signal }) : skipToken,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
