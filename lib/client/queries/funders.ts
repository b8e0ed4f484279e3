import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { contribute, type JobFunders, listFunders, removeFunder, setFunder } from "#lib/protocol/jobs/funders.ts";
import { api } from "./api.ts";
import { jobQuery } from "./jobs.ts";

/** Who funds a job, and for which share of what it returns. */
export function fundersQuery(jobId: JobId) {
  return queryOptions({ queryKey: ["funders", jobId], queryFn: ({ signal }) => api.call(listFunders, { jobId }, { signal }), staleTime: 20_000 });
}

/** Names somebody who may put money in, or takes them out where the share is null; the answer replaces what the page shows. */
export function useSetFunder(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ address, shareBps }: { address: string; shareBps: number | null }) =>
      shareBps === null ? api.call(removeFunder, { jobId, address }) : api.call(setFunder, { jobId, address, shareBps }),
    onSuccess: (funders: JobFunders) => client.setQueryData(fundersQuery(jobId).queryKey, funders),
  });
}

/** Puts money of one's own into the job, as a total that may be sent twice. */
export function useContribute(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ putMicro, shareBps }: { putMicro: bigint; shareBps: number }) => api.call(contribute, { jobId, putMicro: String(putMicro), shareBps }),
    onSuccess: async (funders: JobFunders) => {
      client.setQueryData(fundersQuery(jobId).queryKey, funders);
      await Promise.all([client.invalidateQueries({ queryKey: jobQuery(jobId).queryKey }), client.invalidateQueries({ queryKey: ["me"] })]);
    },
  });
}
