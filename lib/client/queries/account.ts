import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type AccountView, createKey, deleteMe, exportMe, getMe, listKeys, revokeKey, signOut } from "#lib/protocol/accounts/accounts.ts";
import { createCheckingCode, listCheckingDevices, revokeCheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { decideLogin, getLogin } from "#lib/protocol/logins/logins.ts";
import { stopPushHere } from "../push/push-here.ts";
import { api } from "./api.ts";

/** The account that is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 10_000,
  queryFn: async ({ signal }): Promise<AccountView | null> => {
    try {
      return await api.call(getMe, {}, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.code === "unauthenticated") return null;
      throw error;
    }
  },
});

export const keysQuery = queryOptions({ queryKey: ["keys"], queryFn: async ({ signal }) => (await api.call(listKeys, {}, { signal })).keys });

/** The devices that check the account's jobs; looked at again while the page is open, for they report every few seconds. */
export const checkingDevicesQuery = queryOptions({
  queryKey: ["checking-devices"],
  queryFn: async ({ signal }) => (await api.call(listCheckingDevices, {}, { signal })).devices,
  refetchInterval: 15_000,
});

/** A code for another one; never kept, for it is shown once. */
export function useAddCheckingDevice() {
  return useMutation({ mutationFn: () => api.call(createCheckingCode, {}) });
}

export function useRevokeCheckingDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof revokeCheckingDevice>) => api.call(revokeCheckingDevice, input),
    onSettled: () => client.invalidateQueries({ queryKey: checkingDevicesQuery.queryKey }),
  });
}

/** Where a browser downloads everything that is stored about the account. */
export const EXPORT_URL = exportMe.path;

/** Deletes the account; what this page knew of it is forgotten. */
export function useDeleteMe() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => api.call(deleteMe, {}), onSuccess: () => forget(client) });
}

/** Ends the session here, or on every device; what this page knew of the account is forgotten. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: InputOf<typeof signOut>) => {
      // Whoever uses this browser next is not told what the account is; that it could not be said keeps nobody signed in.
      await stopPushHere().catch(() => undefined);
      return await api.call(signOut, input);
    },
    onSuccess: () => forget(client),
  });
}

function forget(client: QueryClient): void {
  client.setQueryData(meQuery.queryKey, null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
}

export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof createKey>) => api.call(createKey, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
}

/** What the terminal with a code asks for; never kept, for a code is good once. */
export function useFindLogin() {
  return useMutation({ mutationFn: (input: InputOf<typeof getLogin>) => api.call(getLogin, input) });
}

export function useDecideLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof decideLogin>) => api.call(decideLogin, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
}

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof revokeKey>) => api.call(revokeKey, input),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
}
