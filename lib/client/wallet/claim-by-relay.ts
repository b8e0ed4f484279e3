import type { Hex } from "viem";
import { CLAIM_TO_TYPES, claimDomain } from "#lib/domain/payouts/claim-order.ts";
import { relayClaim } from "#lib/protocol/payouts/payouts.ts";
import { api } from "../queries/api.ts";
import { ChainError, readChainError } from "./chain-problem.ts";
import { readDue } from "./claim.ts";
import type { Session } from "./send-call.ts";

const VALID_S = 900;
const DOMAIN_TYPE = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
] as const;

/**
 * Has the instance's relayer claim all that is due to the account: the wallet signs one text, which names the fee, and sends nothing. Throws ChainError: `fee_above_due` before
 * anybody is asked, where the fee would take all of it.
 */
export async function claimByRelay({ chain, pool, wallet, onProgress, waitFor }: Session): Promise<Hex> {
  const { relay } = pool;
  if (!relay) throw new ChainError("unsupported");
  try {
    onProgress({ stage: "checking", txHash: null });
    const { proof, claimed } = await readDue({ chain, chainId: pool.chainId }, wallet.address);
    const maxFee = BigInt(relay.feeMicro);
    if (BigInt(proof.cumulativeMicro) - claimed <= maxFee) throw new ChainError("fee_above_due");
    const deadline = Math.floor(Date.now() / 1000) + VALID_S;
    const order = {
      domain: claimDomain(pool.chainId, pool.distributor as Hex),
      types: { EIP712Domain: DOMAIN_TYPE, ...CLAIM_TO_TYPES },
      primaryType: "ClaimTo",
      message: {
        account: wallet.address,
        to: wallet.address,
        relayer: relay.relayer,
        alreadyPaid: String(claimed),
        maxFee: String(maxFee),
        deadline: String(deadline),
      },
    };
    onProgress({ stage: "asking", txHash: null });
    const signature = await wallet.provider.request({ method: "eth_signTypedData_v4", params: [wallet.address, JSON.stringify(order)] });
    const { txHash } = await api.call(relayClaim, {
      to: wallet.address,
      maxFeeMicro: String(maxFee),
      deadline: new Date(deadline * 1000).toISOString(),
      alreadyPaidMicro: String(claimed),
      signature: String(signature),
      chainId: pool.chainId,
    });
    return await waitFor(txHash as Hex);
  } catch (error) {
    throw readChainError(error);
  }
}
