import { type Abi, type Hex, parseSignature } from "viem";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import { createRelease, type ReleaseView, STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { api } from "../queries/api.ts";
import { ChainError, readChainError } from "./chain-problem.ts";
import type { ChainCall, Session } from "./send-call.ts";

const PERMIT_VALID_S = 1800;
const PERMIT = {
  EIP712Domain: [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
  ],
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/**
 * Deposits into the account's standing budget: with a signed permit where the token knows permits and the account signs itself, else by an approval of exactly
 * this amount and a second transaction. One epoch may take all of the budget. Throws ChainError.
 */
export async function deposit(session: Session, amountMicro: bigint): Promise<void> {
  const { chain, pool, wallet } = session;
  const token = tokenOf(session);
  try {
    const [balance, allowance, code, budget] = await Promise.all([
      chain.readContract({ ...token, functionName: "balanceOf", args: [wallet.address] }),
      chain.readContract({ ...token, functionName: "allowance", args: [wallet.address, pool.escrow as Hex] }),
      chain.getCode({ address: wallet.address }),
      readBudgetBalance(session),
    ]);
    if (balance < amountMicro) throw new ChainError("token_short");
    const args = [STANDING_BUDGET_ID, amountMicro, budget + amountMicro] as const;
    if (allowance >= amountMicro) return void (await session.send(escrowCall(session, "fund", args)));
    if (pool.token.version !== null && code === undefined) {
      const permit = await signPermit(session, amountMicro);
      return void (await session.send(escrowCall(session, "fundWithPermit", [...args, ...permit])));
    }
    await session.send({ ...token, abi: demoDollarAbi as Abi, functionName: "approve", args: [pool.escrow, amountMicro] });
    await session.send(escrowCall(session, "fund", args));
  } catch (error) {
    throw readChainError(error);
  }
}

/** Withdraws at once what the instance signs to be unspent; a signature that is still open is used instead of a new one. */
export async function release(session: Session, { amountMicro, open }: { amountMicro: bigint; open: ReleaseView | null }): Promise<void> {
  const signed = open ?? (await api.call(createRelease, { budgetId: STANDING_BUDGET_ID, amountMicro: String(amountMicro), chainId: session.pool.chainId }));
  const deadline = BigInt(Math.floor(Date.parse(signed.deadline) / 1000));
  await session.send(escrowCall(session, "release", [signed.budgetId, signed.to, BigInt(signed.amountMicro), deadline, signed.signature]));
}

/** The way out that needs nobody: asked for first, taken after the delay, or taken back. */
export async function exitBudget(session: Session, step: "requestWithdraw" | "cancelWithdraw" | "withdraw"): Promise<void> {
  const args = step === "withdraw" ? [STANDING_BUDGET_ID, session.wallet.address] : [STANDING_BUDGET_ID];
  await session.send(escrowCall(session, step, args));
}

async function readBudgetBalance({ chain, pool, wallet }: Session): Promise<bigint> {
  const escrow = { address: pool.escrow as Hex, abi: jobEscrowAbi } as const;
  const key = await chain.readContract({ ...escrow, functionName: "keyOf", args: [wallet.address, STANDING_BUDGET_ID] });
  const [balance] = await chain.readContract({ ...escrow, functionName: "budgets", args: [key] });
  return balance;
}

async function signPermit(session: Session, value: bigint): Promise<readonly unknown[]> {
  const { chain, pool, wallet } = session;
  const nonce = await chain.readContract({ ...tokenOf(session), functionName: "nonces", args: [wallet.address] });
  const deadline = BigInt(Math.floor(Date.now() / 1000) + PERMIT_VALID_S);
  const { name, version, address } = pool.token;
  const permit = {
    domain: { name, version, chainId: pool.chainId, verifyingContract: address },
    types: PERMIT,
    primaryType: "Permit",
    message: { owner: wallet.address, spender: pool.escrow, value: String(value), nonce: String(nonce), deadline: String(deadline) },
  };
  const signature = await wallet.provider.request({ method: "eth_signTypedData_v4", params: [wallet.address, JSON.stringify(permit)] });
  const { r, s, yParity } = parseSignature(signature as Hex);
  return [deadline, 27 + yParity, r, s];
}

const tokenOf = ({ pool }: Session) => ({ address: pool.token.address as Hex, abi: demoDollarAbi }) as const;

function escrowCall({ pool }: Session, functionName: string, args: readonly unknown[]): ChainCall {
  return { address: pool.escrow, abi: jobEscrowAbi as Abi, functionName, args };
}
