import { ChainError, readChainError } from "./chain-problem.ts";
import type { EthereumProvider } from "./ethereum-provider.ts";
import type { WalletChoice } from "./use-sign-in.ts";

/** A wallet that has shown that it holds the account which is signed in. */
export type AccountWallet = { name: string; address: `0x${string}`; provider: EthereumProvider };

/** The wallet that already lets this page see the account, without asking anybody; null if none does. */
export async function findAccountWallet(choices: readonly WalletChoice[], address: string): Promise<AccountWallet | null> {
  for (const choice of choices) {
    const provider = await choice.open();
    const accounts = await provider.request({ method: "eth_accounts" }).catch(() => []);
    if (holds(accounts, address)) return { name: choice.name, address: address as `0x${string}`, provider };
  }
  return null;
}

/** Asks a wallet for its account. Throws ChainError: `rejected`, or `other_account` where it is not the one that is signed in. */
export async function connectAccountWallet(choice: WalletChoice, address: string): Promise<AccountWallet> {
  try {
    const provider = await choice.open();
    const accounts = await provider.request({ method: "eth_requestAccounts" });
    if (!holds(accounts, address)) throw new ChainError("other_account", address);
    return { name: choice.name, address: address as `0x${string}`, provider };
  } catch (error) {
    throw readChainError(error);
  }
}

function holds(accounts: unknown, address: string): boolean {
  return Array.isArray(accounts) && accounts.some((account) => String(account).toLowerCase() === address.toLowerCase());
}
