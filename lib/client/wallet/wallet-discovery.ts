import type { EthereumProvider } from "./ethereum-provider.ts";

/** A wallet that announced itself (EIP-6963). */
export type InjectedWallet = { uuid: string; name: string; icon: string | null; provider: EthereumProvider };

let wallets: readonly InjectedWallet[] = [];
const NONE: readonly InjectedWallet[] = [];

/** The wallets that announced themselves so far; the same array until there is another one. */
export function readWallets(): readonly InjectedWallet[] {
  return wallets;
}
export const readNoWallets = () => NONE;

/** Asks wallets to announce themselves and calls back for each new one; returns how to stop listening. */
export function subscribeWallets(onChange: () => void): () => void {
  const onAnnounce = (event: Event) => {
    const wallet = toWallet((event as CustomEvent<unknown>).detail);
    if (!wallet || wallets.some((known) => known.uuid === wallet.uuid)) return;
    wallets = [...wallets, wallet];
    onChange();
  };
  window.addEventListener("eip6963:announceProvider", onAnnounce);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  return () => window.removeEventListener("eip6963:announceProvider", onAnnounce);
}

/** What extensions send is not trusted: a name is cut, and an icon is an image inside the announcement or none. */
function toWallet(detail: unknown): InjectedWallet | null {
  const { info, provider } = (detail ?? {}) as { info?: Record<string, unknown>; provider?: EthereumProvider };
  if (typeof info?.uuid !== "string" || typeof info.name !== "string" || typeof provider?.request !== "function") return null;
  const icon = typeof info.icon === "string" && info.icon.startsWith("data:image/") ? info.icon : null;
  return { uuid: info.uuid, name: info.name.slice(0, 40), icon, provider };
}
