import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { listPasskeys, removePasskey } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { meQuery } from "../queries/account.ts";
import { api } from "../queries/api.ts";

export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: async ({ signal }) => (await api.call(listPasskeys, {}, { signal })).passkeys,
});

/** Whether this page can make and use passkeys: not without the browser's own, nor at an address without a name. */
export function usePasskeySupport(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(window.location.hostname),
    () => true,
  );
}

/** Signs in with a passkey, or makes an account with one; the code for it loads when it is first wanted. */
export function useEnter(onEntered: () => void) {
  const client = useQueryClient();
  const words = useWords();
  return useMutation({
    mutationFn: async (how: "sign-in" | "account") => {
      const { enterWithPasskey, makeAccount } = await import("./passkeys.ts");
      return how === "sign-in" ? await enterWithPasskey(words) : await makeAccount(words);
    },
    onSuccess: (account) => {
      client.setQueryData(meQuery.queryKey, account);
      onEntered();
    },
  });
}

export function useAddPasskey() {
  const client = useQueryClient();
  const words = useWords();
  return useMutation({
    mutationFn: async (name: string) => await (await import("./passkeys.ts")).makeFurther(words, name),
    onSettled: () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
}

export function useRemovePasskey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof removePasskey>) => api.call(removePasskey, input),
    onSettled: () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
}
