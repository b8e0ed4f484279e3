import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { EthereumProvider } from "./ethereum-provider.ts";

const KEY_NAME = "shoal.demo-wallet";

/**
 * A wallet without a wallet, for demos: its key is made here, lies unprotected in this browser's storage and never leaves it. It signs messages and
 * nothing else. Builds without the demo do not contain this file.
 */
export function openDemoWallet(): EthereumProvider {
  const account = privateKeyToAccount(readKey());
  return {
    request: async ({ method, params = [] }) => {
      if (method === "eth_requestAccounts" || method === "eth_accounts") return [account.address];
      if (method === "personal_sign") return await account.signMessage({ message: { raw: params[0] as `0x${string}` } });
      throw Object.assign(new Error(`The demo wallet does not know ${method}.`), { code: 4200 });
    },
  };
}

function readKey(): `0x${string}` {
  const kept = localStorage.getItem(KEY_NAME);
  if (kept && /^0x[0-9a-f]{64}$/.test(kept)) return kept as `0x${string}`;
  const key = generatePrivateKey();
  localStorage.setItem(KEY_NAME, key);
  return key;
}
