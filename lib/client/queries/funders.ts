import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { contribute, type JobFunders, listFunders, removeFunder, setFunder } from "#lib/protocol/jobs/funders.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { api } from "./api.ts";
import { jobQuery } from "./jobs.ts";

const REFRESH_MS = 15_000;

/** Who funds a job, and for which share of what it returns. Read anew with the job when it is moved, and from time to time while it spends. */
export function fundersQuery({ id, state }: Pick<JobView, "id" | "state">) {
  return queryOptions({
    queryKey: [...keyOf(id), isOpen(state)],
    queryFn: ({ signal }) => api.call(listFunders, { jobId: id }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: isOpen(state) && REFRESH_MS,
  });
}

const keyOf = (jobId: JobId) => ["job", jobId, "funders"];

/** Names somebody who may put money in, or takes them out where the share is null; the answer replaces what the page shows. */
export function useSetFunder(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ address, shareBps }: { address: string; shareBps: number | null }) =>
      shareBps === null ? api.call(removeFunder, { jobId, address }) : api.call(setFunder, { jobId, address, shareBps }),
    onSuccess: (funders: JobFunders) => show(client, jobId, funders),
  });
}

/** Puts money of one's own into the job, as a total that may be sent twice. */
export function useContribute(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ putMicro, shareBps }: { putMicro: bigint; shareBps: number }) => api.call(contribute, { jobId, putMicro: String(putMicro), shareBps }),
    onSuccess: async (funders: JobFunders) => {
      show(client, jobId, funders);
      await Promise.all([client.invalidateQueries({ queryKey: jobQuery(jobId).queryKey, exact: true }), client.invalidateQueries({ queryKey: ["me"] })]);
    },
  });
}

function show(client: QueryClient, jobId: JobId, funders: JobFunders): void {
  client.setQueriesData({ queryKey: keyOf(jobId) }, funders);
}
