import { useSyncExternalStore } from "react";
import { type InjectedWallet, readNoWallets, readWallets, subscribeWallets } from "./wallet-discovery.ts";

/** The wallets of this browser, as they announce themselves. */
export function useWallets(): readonly InjectedWallet[] {
  return useSyncExternalStore(subscribeWallets, readWallets, readNoWallets);
}
