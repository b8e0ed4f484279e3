import { numberToHex } from "viem";
import { callNamedChain } from "#lib/protocol/chain/chain.ts";
import { readChainError } from "./chain-problem.ts";
import type { EthereumProvider } from "./ethereum-provider.ts";
import type { Pool } from "./pool.ts";

/** EIP-3326: the wallet does not know the network. */
const UNKNOWN_NETWORK = 4902;

/** Asks the wallet to go to a pool's chain; one that does not know it is offered it, with the instance as the server to ask. Throws ChainError. */
export async function switchNetwork(provider: EthereumProvider, { chainId, chainName, coin, explorerUrl }: Pool): Promise<void> {
  const id = numberToHex(chainId);
  try {
    try {
      await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: id }] });
    } catch (error) {
      const { code, data } = error as { code?: number; data?: { originalError?: { code?: number } } };
      if (code !== UNKNOWN_NETWORK && data?.originalError?.code !== UNKNOWN_NETWORK) throw error;
      const chain = {
        chainId: id,
        chainName,
        nativeCurrency: { name: coin, symbol: coin, decimals: 18 },
        rpcUrls: [`${window.location.origin}${callNamedChain.path.replace("{chainId}", String(chainId))}`],
        ...(explorerUrl ? { blockExplorerUrls: [explorerUrl] } : {}),
      };
      await provider.request({ method: "wallet_addEthereumChain", params: [chain] });
    }
  } catch (error) {
    throw readChainError(error);
  }
}
