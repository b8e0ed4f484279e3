import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { meQuery } from "../queries/account.ts";
import type { EthereumProvider } from "./ethereum-provider.ts";
import { loadDemoWallet } from "./load-demo-wallet.ts";

export type WalletChoice = { name: string; open: () => Promise<EthereumProvider> };

/** The demo wallet as a choice, where this build has it. */
export function demoChoice(name: string): WalletChoice | null {
  return loadDemoWallet ? { name, open: loadDemoWallet } : null;
}

/** Signs in with a wallet; the code for it loads when it is first wanted. */
export function useSignIn(chainId: number, onSignedIn: () => void) {
  const client = useQueryClient();
  const words = useWords();
  return useMutation({
    mutationFn: async (choice: WalletChoice) => {
      const { signIn } = await import("./sign-in.ts");
      return await signIn(await choice.open(), chainId, words);
    },
    onSuccess: (account) => {
      client.setQueryData(meQuery.queryKey, account);
      onSignedIn();
    },
  });
}

/** Gives the account that is signed in a wallet. */
export function useAddWallet(chainId: number, accountId: string) {
  const client = useQueryClient();
  const words = useWords();
  return useMutation({
    mutationFn: async (choice: WalletChoice) => {
      const { addWallet } = await import("./sign-in.ts");
      return await addWallet(await choice.open(), chainId, { accountId, words });
    },
    onSuccess: (account) => client.setQueryData(meQuery.queryKey, account),
  });
}
