import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import type { MemberRole } from "#lib/domain/job/job-role.ts";
import { listMembers, removeMember, setMember } from "#lib/protocol/jobs/members.ts";
import { api } from "./api.ts";

/** Who was let in to a job of one's own. */
export function membersQuery(jobId: JobId) {
  return queryOptions({ queryKey: ["members", jobId], queryFn: ({ signal }) => api.call(listMembers, { jobId }, { signal }), staleTime: 60_000 });
}

/** Lets an address in with a role, or takes it out where the role is null; the answer replaces what the page shows. */
export function useSetMember(jobId: JobId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ address, role }: { address: string; role: MemberRole | null }) =>
      role ? api.call(setMember, { jobId, address, role }) : api.call(removeMember, { jobId, address }),
    onSuccess: (members) => client.setQueryData(membersQuery(jobId).queryKey, members),
  });
}
