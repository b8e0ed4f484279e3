import { type Abi, type Address, encodeFunctionData, formatEther, type Hex, numberToHex } from "viem";
import { withGasRoom } from "#lib/domain/payouts/with-gas-room.ts";
import type { AccountWallet } from "./account-wallet.ts";
import { ChainError, readChainError } from "./chain-problem.ts";
import { type InstanceChain, openInstanceChain } from "./instance-chain.ts";
import type { Pool } from "./pool.ts";
import type { Progress } from "./send-stage.ts";

/** One call of one of the instance's contracts or its token. */
export type ChainCall = { address: string; abi: Abi; functionName: string; args: readonly unknown[] };
/** What a transaction will cost in the chain's own coin, as a decimal number, and whether the account has that. */
export type GasEstimate = { gas: bigint; feeCoins: string; isEnough: boolean };

const RECEIPT_TIMEOUT_MS = 180_000;
const LOST_RETRY_MS = 1_000;

/** A wallet at work on one of the instance's chains. */
export type Session = {
  wallet: AccountWallet;
  pool: Pool;
  chain: InstanceChain;
  onProgress(progress: Progress): void;
  send(call: ChainCall): Promise<Hex>;
  waitFor(txHash: Hex): Promise<Hex>;
};

/** Opens a session that tells its progress. `send` simulates, asks the wallet, and waits for the block, as `waitFor` does for a transaction that somebody else sent; both throw ChainError. */
export function openSession(wallet: AccountWallet, pool: Pool, onProgress: (progress: Progress) => void): Session {
  const chain = openInstanceChain(pool.chainId);
  const waitFor = async (txHash: Hex): Promise<Hex> => {
    onProgress({ stage: "sent", txHash });
    const receipt = await waitForReceipt(chain, txHash);
    if (receipt.status !== "success") throw new ChainError("reverted", txHash);
    // A wallet may have replaced it by one that pays more.
    onProgress({ stage: "confirmed", txHash: receipt.transactionHash });
    return receipt.transactionHash;
  };
  const send = async (call: ChainCall): Promise<Hex> => {
    try {
      onProgress({ stage: "checking", txHash: null });
      await checkWallet(wallet, pool);
      const { gas, feeCoins, isEnough } = await estimateCall(chain, wallet.address, call);
      if (!isEnough) throw new ChainError("gas_short", feeCoins);
      onProgress({ stage: "asking", txHash: null });
      const tx = { from: wallet.address, to: call.address, data: encodeFunctionData(call), gas: numberToHex(withGasRoom(gas)) };
      const txHash = (await wallet.provider.request({ method: "eth_sendTransaction", params: [tx] })) as Hex;
      return await waitFor(txHash);
    } catch (error) {
      throw readChainError(error);
    }
  };
  return { wallet, pool, chain, onProgress, send, waitFor };
}

/** Waits for the block; a connection that is lost meanwhile costs nothing but time, for the transaction is on its way without this page. */
async function waitForReceipt(chain: InstanceChain, hash: Hex) {
  for (const deadline = Date.now() + RECEIPT_TIMEOUT_MS; ; await new Promise((resolve) => setTimeout(resolve, LOST_RETRY_MS))) {
    try {
      return await chain.waitForTransactionReceipt({ hash, timeout: Math.max(1, deadline - Date.now()) });
    } catch (error) {
      const { name, code } = readChainError(error) as Error & { code?: string };
      const isLost = name === "OfflineError" || code === "unavailable";
      if (!isLost || Date.now() > deadline) throw error;
    }
  }
}

/** Simulates a call in the account's name and says what it will cost. Throws ChainError where it would fail. */
export async function estimateCall(chain: InstanceChain, account: Address, call: ChainCall): Promise<GasEstimate> {
  try {
    const asked = { account, address: call.address as Address, abi: call.abi, functionName: call.functionName, args: call.args };
    await chain.simulateContract(asked);
    const [gas, price, balance] = await Promise.all([chain.estimateContractGas(asked), chain.getGasPrice(), chain.getBalance({ address: account })]);
    const fee = gas * price;
    return { gas, feeCoins: formatEther(fee), isEnough: balance >= fee };
  } catch (error) {
    throw readChainError(error);
  }
}

/** The wallet still holds the account, and looks at the pool's chain. */
async function checkWallet({ provider, address }: AccountWallet, { chainId }: Pool): Promise<void> {
  const accounts = (await provider.request({ method: "eth_accounts" })) as string[];
  if (!accounts.some((account) => account.toLowerCase() === address.toLowerCase())) throw new ChainError("other_account", address);
  const current = Number(await provider.request({ method: "eth_chainId" }));
  if (current !== chainId) throw new ChainError("wrong_network", String(current));
}
