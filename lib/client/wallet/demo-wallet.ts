import type { Hex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { EthereumProvider } from "./ethereum-provider.ts";
import { openInstanceChain, requestChain } from "./instance-chain.ts";

const KEY_NAME = "shoal.demo-wallet";
const UNKNOWN_METHOD = 4200;
const UNKNOWN_NETWORK = 4902;

/**
 * A wallet without a wallet, for demos: its key is made here, lies unprotected in this browser's storage and never leaves it. It signs what it is asked to
 * without a question, on the instance's own chains alone. Builds without the demo do not contain this file.
 */
export function openDemoWallet(): EthereumProvider {
  const account = privateKeyToAccount(readKey());
  /** The chain that it looks at; the instance's first until it is asked to go to another one. */
  let network: number | undefined;
  return {
    request: async ({ method, params = [] }) => {
      switch (method) {
        case "eth_requestAccounts":
        case "eth_accounts":
          return [account.address];
        case "personal_sign":
          return await account.signMessage({ message: { raw: params[0] as Hex } });
        case "eth_signTypedData_v4":
          return await account.signTypedData(JSON.parse(String(params[1])));
        case "eth_chainId":
          return await requestChain({ method }, network);
        case "wallet_switchEthereumChain":
          network = await checkNetwork(params[0] as { chainId: Hex });
          return null;
        case "eth_sendTransaction":
          return await sendTransaction(account, { ...(params[0] as Asked), network });
        default:
          throw Object.assign(new Error(`The demo wallet does not know ${method}.`), { code: UNKNOWN_METHOD });
      }
    },
  };
}

type Asked = { to: Hex; data: Hex; gas: Hex };

async function sendTransaction(account: PrivateKeyAccount, { to, data, gas, network }: Asked & { network: number | undefined }): Promise<Hex> {
  const chain = openInstanceChain(network);
  const [chainId, nonce, fees] = await Promise.all([
    chain.getChainId(),
    chain.getTransactionCount({ address: account.address, blockTag: "pending" }),
    chain.estimateFeesPerGas(),
  ]);
  const serializedTransaction = await account.signTransaction({ type: "eip1559", chainId, nonce, to, data, gas: BigInt(gas), ...fees });
  return await chain.sendRawTransaction({ serializedTransaction });
}

async function checkNetwork({ chainId }: { chainId: Hex }): Promise<number> {
  try {
    return Number(await requestChain({ method: "eth_chainId" }, Number(chainId)));
  } catch (cause) {
    if (!(cause instanceof ApiError && cause.code === "not_found")) throw cause;
    throw Object.assign(new Error("The demo wallet knows the instance's chains alone."), { code: UNKNOWN_NETWORK });
  }
}

function readKey(): Hex {
  const kept = localStorage.getItem(KEY_NAME);
  if (kept && /^0x[0-9a-f]{64}$/.test(kept)) return kept as Hex;
  const key = generatePrivateKey();
  localStorage.setItem(KEY_NAME, key);
  return key;
}
