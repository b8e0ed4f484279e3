import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { getPublication, publishJob, unpublishJob } from "#lib/protocol/jobs/publication.ts";
import { api } from "./api.ts";

/** Since when everybody may read the job; null in it while nobody may. */
export function publicationQuery(jobId: JobId) {
  return queryOptions({ queryKey: ["publication", jobId], queryFn: ({ signal }) => api.call(getPublication, { jobId }, { signal }), staleTime: 60_000 });
}

/** Publishes the job or takes its public page back. */
export function usePublish(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isPublic: boolean) => api.call(isPublic ? publishJob : unpublishJob, { jobId }),
    onSuccess: (publication) => client.setQueryData(publicationQuery(jobId).queryKey, publication),
  });
}
