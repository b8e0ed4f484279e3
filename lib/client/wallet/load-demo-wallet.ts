import type { EthereumProvider } from "./ethereum-provider.ts";

/** Opens the demo wallet; null in builds without NEXT_PUBLIC_DEMO_WALLET=1, which do not contain it. */
export const loadDemoWallet: (() => Promise<EthereumProvider>) | null =
  // biome-ignore lint/style/noProcessEnv: a constant of the build, put in by the bundler
  process.env.NEXT_PUBLIC_DEMO_WALLET === "1" ? async () => (await import("./demo-wallet.ts")).openDemoWallet() : null;
