import "server-only";
import {
  type Account,
  BaseError,
  ContractFunctionRevertedError,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  TransactionReceiptNotFoundError,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { getAddress } from "viem/utils";
import { rewardDistributorAbi as abi } from "#contracts/generated/reward-distributor.ts";
import { withGasRoom } from "#lib/domain/payouts/with-gas-room.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { relayClaim as relayClaimEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { chainClient, requirePool } from "../../chain/chain-client.ts";
import { onChain } from "../../chain/choose-chain.ts";
import type { Context, Services } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession, requireWallet } from "../../principal.ts";
import { getProof } from "../get-proof.ts";
import { findRelayed, lockRelay, type RelayedClaim, saveRelayed } from "./relay-store.ts";

type Endpoint = typeof relayClaimEndpoint;
type Order = { account: Hex; to: Hex; relayer: Hex; cumulative: bigint; maxFee: bigint; fee: bigint; deadline: bigint };

/** Not in a block for so long, a claim is sent anew when it is asked for again. */
const STALE_MS = 300_000;

/** Why the contract would refuse, by the names of its errors. */
const REVERTS: Readonly<Record<string, () => ApiError>> = {
  NothingDue: () => new ApiError("conflict", { problem: "everything that was published for you has been claimed" }),
  InvalidProof: () => new ApiError("conflict", { problem: "a newer epoch has just been published; ask again" }),
  ClaimsPaused: () => new ApiError("conflict", { problem: "claims are paused on the chain for a while" }),
  OutflowExhausted: () => new ApiError("conflict", { problem: "the contract has paid out all that it may for now; try again later" }),
  FeeTooHigh: () => new ApiError("conflict", { problem: "what can be claimed now is not more than the fee" }),
  ReceiverInvalid: () => new ApiError("bad_request", { field: "to", problem: "cannot receive it" }),
  SignatureExpired: () => new ApiError("signature_invalid", { problem: "its time is over; sign again" }),
  SignatureInvalid: () => new ApiError("signature_invalid", { problem: "it is not by your wallet for this claim" }),
};

/**
 * Sends the signed claim of this session's account, on the chain that it names or the first, in a transaction of the relayer, who keeps the fee that the settings name. The contract is asked first whether it would pay; what
 * it refuses costs the relayer nothing. Asked again for the same claim it answers with the same transaction, which it sends again as long as no block holds it. Throws
 * `forbidden` where nobody relays, `conflict` and `signature_invalid` for what the contract would refuse, `unavailable` where chain or relayer cannot.
 */
export async function relayClaim(given: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx = onChain(given, input.chainId);
  const account = requireSession(ctx.principal);
  const wallet = getAddress(requireWallet(account));
  const { relayer } = requirePool(ctx.config);
  if (!relayer) throw new ApiError("forbidden", { need: "an instance that sends claims for others" });
  const { feeMicro } = relayer;
  if (BigInt(input.maxFeeMicro) < feeMicro) throw new ApiError("conflict", { problem: "the fee is higher than what you signed; look at it again" });
  const signer = privateKeyToAccount(relayer.key);
  const proof = await getProof(ctx, { address: wallet });
  const alreadyPaidMicro = BigInt(input.alreadyPaidMicro);
  const order: Order = {
    account: wallet,
    to: getAddress(input.to.toLowerCase()),
    relayer: signer.address,
    cumulative: BigInt(proof.cumulativeMicro),
    maxFee: BigInt(input.maxFeeMicro),
    fee: feeMicro,
    deadline: BigInt(Math.floor(Date.parse(input.deadline) / 1000)),
  };
  const key = { chainId: proof.chainId, accountId: account.accountId, alreadyPaidMicro };
  const sent = await transaction(ctx.db, async (tx) => {
    await lockRelay(tx, key.chainId);
    const before = await findRelayed(tx, key);
    if (before && !(await isLost(ctx, before))) return before;
    const call = { address: proof.distributor as Hex, args: [order, proof.proof as Hex[], input.signature as Hex] as const };
    const { paid, rawTx } = await prepare(ctx, signer, call);
    const claim = { alreadyPaidMicro, amountMicro: paid, feeMicro, rawTx, txHash: keccak256(rawTx), sentAt: ctx.clock.now() };
    await saveRelayed(tx, key, claim);
    // Within the lock: the next one's number counts this one.
    await send(ctx, rawTx);
    return claim;
  });
  return { txHash: sent.txHash, feeMicro: String(sent.feeMicro), amountMicro: String(sent.amountMicro) };
}

/** Whether a claim that was sent came to nothing: reverted, or in no block for long. One that is merely under way is sent again. */
async function isLost(ctx: Context, { txHash, rawTx, sentAt }: RelayedClaim): Promise<boolean> {
  const receipt = await asked(
    chainClient(ctx.config)
      .getTransactionReceipt({ hash: txHash })
      .catch((error: unknown) => {
        if (error instanceof TransactionReceiptNotFoundError) return null;
        throw error;
      }),
  );
  if (receipt) return receipt.status !== "success";
  if (ctx.clock.now().getTime() - sentAt.getTime() > STALE_MS) return true;
  await send(ctx, rawTx).catch((error: unknown) => ctx.log.info({ err: error }, "a relayed claim was sent again and not taken"));
  return false;
}

type Call = { address: Hex; args: readonly [Order, Hex[], Hex] };

/** Asks the contract what it would pay, and signs the transaction. */
async function prepare(services: Services, signer: Account & { signTransaction: ReturnType<typeof privateKeyToAccount>["signTransaction"] }, call: Call) {
  const client = chainClient(services.config);
  const asking = { account: signer, abi, functionName: "claimTo", ...call } as const;
  const { result } = await asked(client.simulateContract(asking));
  const [gas, fees, nonce, balance] = await asked(
    Promise.all([
      client.estimateContractGas(asking),
      client.estimateFeesPerGas(),
      client.getTransactionCount({ address: signer.address, blockTag: "pending" }),
      client.getBalance({ address: signer.address }),
    ]),
  );
  const limit = withGasRoom(gas);
  if (balance < limit * fees.maxFeePerGas)
    throw new ApiError("unavailable", { problem: "the wallet that sends claims for others is out of gas; claim with your own wallet" });
  const data = encodeFunctionData({ abi, functionName: "claimTo", args: call.args });
  const rawTx = await signer.signTransaction({ type: "eip1559", chainId: services.config.chain.id, nonce, to: call.address, data, gas: limit, ...fees });
  return { paid: result, rawTx };
}

async function send({ config }: Services, serializedTransaction: Hex): Promise<void> {
  const wallet = createWalletClient({ transport: http(config.chain.rpcUrl ?? "") });
  await asked(wallet.sendRawTransaction({ serializedTransaction }));
}

/** What the chain refuses is told by the name of the contract's error; that it does not answer is no fault of whoever asks. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const revert = cause instanceof BaseError ? cause.walk((error) => error instanceof ContractFunctionRevertedError) : null;
    const name = revert instanceof ContractFunctionRevertedError ? revert.data?.errorName : undefined;
    const refusal = name === undefined ? undefined : REVERTS[name];
    throw refusal ? refusal() : new ApiError("unavailable", { problem: "the chain does not answer" }, { cause });
  }
}
