import "server-only";
import { type Address, createPublicClient, type Hex, http, type PublicClient } from "viem";
import { verifyMessage } from "viem/utils";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Config } from "../config/config.ts";

const RPC_TIMEOUT_MS = 5000;
/** What a signature of ERC-8010 ends with. */
const ERC_8010_MAGIC = "8010".repeat(16);

export type SignedMessage = { address: Address; message: string; signature: Hex };

/**
 * Whether the address signed the message (EIP-191). An externally owned account is checked without any chain; a contract wallet, deployed (ERC-1271) or
 * not yet (ERC-6492), by asking the instance's chain, if it has one. Throws `unavailable` if the chain does not answer.
 */
export async function isSignedByWallet(chain: Config["chain"], signed: SignedMessage): Promise<boolean> {
  if (await isSignedByKey(signed)) return true;
  if (chain.rpcUrl === null) return false;
  // viem would take these too, and lets them bring a delegation and a call that prepares it: more than the owner of the address said.
  if (signed.signature.toLowerCase().endsWith(ERC_8010_MAGIC)) return false;
  const client = createPublicClient({ transport: http(chain.rpcUrl, { timeout: RPC_TIMEOUT_MS, retryCount: 1 }) });
  await checkChain(client, chain.id);
  return await client.verifyMessage(signed);
}

async function isSignedByKey(signed: SignedMessage): Promise<boolean> {
  try {
    return await verifyMessage(signed);
  } catch {
    // Not the 65 bytes of an ECDSA signature; a contract wallet's may have any form.
    return false;
  }
}

/** viem takes a chain that does not answer for a signature that does not fit, and any chain for the right one. */
async function checkChain(client: PublicClient, chainId: number): Promise<void> {
  const actual = await client.getChainId().catch((cause: unknown) => {
    throw new ApiError("unavailable", { problem: "the chain that knows contract wallets does not answer" }, { cause });
  });
  if (actual !== chainId) throw new ApiError("unavailable", { problem: `its chain has the number ${actual}, not ${chainId}` });
}
