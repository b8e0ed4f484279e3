import "server-only";
import {
  type Address,
  createWalletClient,
  type Hex,
  http,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  TransactionReceiptNotFoundError,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { withGasRoom } from "#lib/domain/payouts/with-gas-room.ts";
import { chainClient, requirePool } from "../chain/chain-client.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { clearTransaction, setTransaction } from "./epoch-step-store.ts";
import type { Epoch } from "./epoch-store.ts";

/** Not mined for so long, it is signed again with the same number and a higher fee. */
const BUMP_MS = 120_000;
const BUMP_PER_CENT = 25n;

export type Call = { to: Address; data: Hex };
/** `sent` and `waiting` go on by themselves; `failed` says why nothing was sent. */
export type Pushed = { state: "sent" | "waiting" } | { state: "failed"; reason: string };

/**
 * Brings an epoch's transaction to the chain, once: it is signed and stored before it leaves, and whoever comes later sends the same bytes again. One that waits too long is
 * replaced under its own number. Whether it did what it should, the follower sees.
 */
export async function pushTransaction(services: Services, epoch: Epoch, call: Call): Promise<Pushed> {
  if (!epoch.txHash || !epoch.rawTx) return await signAndSend(services, { epoch, call, nonce: null });
  const client = chainClient(services.config);
  const receipt = await client.getTransactionReceipt({ hash: epoch.txHash }).catch((error: unknown) => {
    if (error instanceof TransactionReceiptNotFoundError) return null;
    throw error;
  });
  if (receipt?.status === "success") return { state: "waiting" };
  const { nonce, isUsed } = await nonceOf(services, epoch.rawTx);
  if (receipt || isUsed) {
    // Reverted, or its number went to another transaction: it can never do anything.
    await transaction(services.db, (tx) => clearTransaction(tx, epoch.chainId, { no: epoch.no, hash: epoch.txHash ?? "" }));
    return { state: "failed", reason: receipt ? `transaction ${epoch.txHash} was reverted` : `transaction ${epoch.txHash} was overtaken` };
  }
  const ageMs = services.clock.now().getTime() - (epoch.txSentAt?.getTime() ?? 0);
  if (ageMs > BUMP_MS) return await signAndSend(services, { epoch, call, nonce });
  await broadcast(services, epoch.rawTx);
  return { state: "waiting" };
}

async function signAndSend(services: Services, push: { epoch: Epoch; call: Call; nonce: number | null }): Promise<Pushed> {
  const { operatorKey } = requirePool(services.config);
  if (!operatorKey) return { state: "failed", reason: "POOL_OPERATOR_KEY is not set" };
  const { epoch, call } = push;
  const account = privateKeyToAccount(operatorKey);
  const client = chainClient(services.config);
  try {
    await client.call({ account: account.address, ...call });
  } catch (error) {
    return { state: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
  const wallet = createWalletClient({ account, transport: http(services.config.chain.rpcUrl ?? "") });
  const nonce = push.nonce ?? (await client.getTransactionCount({ address: account.address, blockTag: "latest" }));
  const prepared = await wallet.prepareTransactionRequest({ chain: null, ...call, nonce, type: "eip1559" });
  const raise = (wei: bigint) => (push.nonce === null ? wei : (wei * (100n + BUMP_PER_CENT)) / 100n + 1n);
  const raw = await account.signTransaction({
    type: "eip1559",
    chainId: services.config.chain.id,
    nonce,
    ...call,
    gas: withGasRoom(prepared.gas),
    maxFeePerGas: raise(prepared.maxFeePerGas),
    maxPriorityFeePerGas: raise(prepared.maxPriorityFeePerGas),
  });
  const kept = { no: epoch.no, raw, hash: keccak256(raw), at: services.clock.now(), instead: epoch.txHash };
  if (!(await transaction(services.db, (tx) => setTransaction(tx, epoch.chainId, kept)))) return { state: "waiting" };
  await broadcast(services, raw);
  return { state: "sent" };
}

/** That the chain knows it already is what we want; anything else shows in the receipt that does not come. */
async function broadcast(services: Services, raw: Hex): Promise<void> {
  await chainClient(services.config)
    .sendRawTransaction({ serializedTransaction: raw })
    .catch((error: unknown) => services.log.info({ err: error }, "a transaction was sent again and not taken"));
}

async function nonceOf(services: Services, raw: Hex): Promise<{ nonce: number; isUsed: boolean }> {
  const { nonce = 0 } = parseTransaction(raw);
  const from = await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` });
  return { nonce, isUsed: (await chainClient(services.config).getTransactionCount({ address: from, blockTag: "latest" })) > nonce };
}
