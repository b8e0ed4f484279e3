import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { connectAccountWallet, findAccountWallet } from "./account-wallet.ts";
import { demoChoice, type WalletChoice } from "./use-sign-in.ts";
import { useWallets } from "./use-wallets.ts";

/** The wallet of the account that is signed in: found where it lets itself be seen, else chosen among those of this browser. */
export function useAccountWallet(address: string) {
  const { text } = useWords();
  const client = useQueryClient();
  const wallets = useWallets();
  const demo = demoChoice(text.wallet.demo);
  const choices: WalletChoice[] = [...wallets.map(({ name, provider }) => ({ name, open: async () => provider })), ...(demo ? [demo] : [])];
  const queryKey = ["account-wallet", address, ...wallets.map(({ uuid }) => uuid)];
  const { data: wallet, isPending } = useQuery({ queryKey, queryFn: () => findAccountWallet(choices, address), staleTime: 30_000, gcTime: 60_000 });
  const connect = useMutation({
    mutationFn: (choice: WalletChoice) => connectAccountWallet(choice, address),
    onSuccess: (found) => client.setQueryData(queryKey, found),
  });
  return { wallet: wallet ?? null, isLooking: isPending, choices, connect };
}
