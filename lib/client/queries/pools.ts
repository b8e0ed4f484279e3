import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { AccountId, DeviceId, PoolId } from "#lib/domain/ids.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import {
  createInvite,
  createPool,
  getPool,
  inspectInvite,
  joinPool,
  listPoolJobs,
  listPools,
  removeFromPool,
  revokeInvite,
  setPoolRole,
} from "#lib/protocol/pools/pools.ts";
import { api } from "./api.ts";

/** The pools of the account. */
export const poolsQuery = queryOptions({ queryKey: ["pools"], queryFn: async ({ signal }) => (await api.call(listPools, {}, { signal })).pools });

export const poolQuery = (poolId: PoolId) =>
  queryOptions({ queryKey: ["pools", poolId], queryFn: ({ signal }) => api.call(getPool, { poolId }, { signal }), refetchInterval: 15_000 });

export const poolJobsQuery = (poolId: PoolId) =>
  queryOptions({
    queryKey: ["pools", poolId, "jobs"],
    queryFn: async ({ signal }) => (await api.call(listPoolJobs, { poolId }, { signal })).jobs,
    refetchInterval: 5_000,
  });

/** What an invite's code lets into. */
export const inviteQuery = (code: string) =>
  queryOptions({ queryKey: ["invite", code], queryFn: ({ signal }) => api.call(inspectInvite, { code }, { signal }) });

/** A change of a pool; whatever becomes of it, pools are read anew. */
function usePoolChange<In, Out>(change: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: ["pools"] }) });
}

export const useCreatePool = () => usePoolChange((name: string) => api.call(createPool, { name }));
export const useJoinPool = () => usePoolChange((code: string) => api.call(joinPool, { code }));
export const useCreateInvite = () => usePoolChange((input: InputOf<typeof createInvite>) => api.call(createInvite, input));
export const useRevokeInvite = () => usePoolChange((input: InputOf<typeof revokeInvite>) => api.call(revokeInvite, input));
export const useSetPoolRole = () => usePoolChange((input: InputOf<typeof setPoolRole>) => api.call(setPoolRole, input));
export const useRemoveFromPool = () => usePoolChange((input: { poolId: PoolId; memberId: AccountId | DeviceId }) => api.call(removeFromPool, input));
