import type { BrowserContext } from "@playwright/test";
import { createTestClient, type Hex, http, numberToHex, publicActions, walletActions } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { announceWallet } from "./people.ts";

const REJECTED = { code: 4001 };

/** A wallet on a chain, and what its person does next. */
export type ChainWallet = {
  address: Hex;
  /** What it was asked, in order: methods, and of typed data the name. */
  asked: string[];
  /** Its person declines the next question. */
  declineNext(): void;
  /** It looks at another network until a page asks it to switch. */
  leaveNetwork(): void;
  /** Called once with each transaction's hash, before the page hears of it. */
  onSent: ((hash: Hex) => Promise<void>) | null;
};

/** A client of the chain that can also do what only a test's chain allows. */
export function openChainClient(rpcUrl: string) {
  return createTestClient({ mode: "anvil", transport: http(rpcUrl), pollingInterval: 100 })
    .extend(publicActions)
    .extend(walletActions);
}

/** Puts a wallet into the profile that signs with a key of its own, or with the one given, and sends its transactions to a real chain. */
export async function installChainWallet(context: BrowserContext, rpcUrl: string, key: Hex = generatePrivateKey()): Promise<ChainWallet> {
  const account = privateKeyToAccount(key);
  const chain = openChainClient(rpcUrl);
  const home = numberToHex(await chain.getChainId());
  let [network, isDeclining] = [home, false];
  const decide = (what: string) => {
    wallet.asked.push(what);
    if (!isDeclining) return;
    isDeclining = false;
    throw Object.assign(new Error("The person declined."), REJECTED);
  };
  const wallet: ChainWallet = {
    address: account.address,
    asked: [],
    declineNext: () => {
      isDeclining = true;
    },
    leaveNetwork: () => {
      network = "0x1";
    },
    onSent: null,
  };
  const send = async ({ to, data, gas }: { to: Hex; data: Hex; gas: Hex }): Promise<Hex> => {
    decide("eth_sendTransaction");
    const hash = await chain.sendTransaction({ account, chain: null, to, data, gas: BigInt(gas) });
    await wallet.onSent?.(hash);
    return hash;
  };
  await announceWallet(context, async (method, params) => {
    switch (method) {
      case "eth_accounts":
      case "eth_requestAccounts":
        return [account.address.toLowerCase()];
      case "eth_chainId":
        return network;
      case "wallet_switchEthereumChain":
        network = (params[0] as { chainId: Hex }).chainId;
        return null;
      case "personal_sign":
        decide(method);
        return await account.signMessage({ message: { raw: params[0] as Hex } });
      case "eth_signTypedData_v4": {
        const { types, ...typed } = JSON.parse(String(params[1]));
        decide(typed.primaryType);
        return await account.signTypedData({ ...typed, types });
      }
      case "eth_sendTransaction":
        return await send(params[0] as { to: Hex; data: Hex; gas: Hex });
      default:
        throw Object.assign(new Error(`${method} is not supported`), { code: 4200 });
    }
  });
  return wallet;
}
