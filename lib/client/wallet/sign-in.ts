import { getAddress, type Hex, stringToHex } from "viem";
import { createSiweMessage } from "viem/siwe";
import { type AccountView, createChallenge, signIn as signInEndpoint } from "#lib/protocol/accounts/accounts.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { createApi } from "../api/api.ts";
import type { EthereumProvider } from "./ethereum-provider.ts";

/** A wallet that did not sign, with what to do in words. */
class WalletError extends Error {
  override name = "WalletError";
}

/** The code with which wallets report that their person declined (EIP-1193). */
const DECLINED = 4001;
const api = createApi({ baseUrl: "" });

/**
 * Signs in: asks the wallet for its account and for a signature of a message (EIP-4361) that is bound to this instance, its chain and a challenge of a few
 * minutes. Throws WalletError if the wallet does not sign, ApiError if the instance does not take the signature.
 */
export async function signIn(provider: EthereumProvider, chainId: number): Promise<AccountView> {
  const [account] = (await ask(provider, "eth_requestAccounts")) as (string | undefined)[];
  if (!account) throw new WalletError(en.account.signIn.noAccount);
  const address = getAddress(account);
  const challenge = await api.call(createChallenge, { purpose: "sign-in" });
  // A wallet would rightly warn of a message for another site than the one it sees.
  if (challenge.origin !== window.location.origin) throw new ApiError("wrong_origin");
  const { host, protocol } = new URL(challenge.origin);
  const message = createSiweMessage({
    address,
    chainId,
    domain: host,
    scheme: protocol.slice(0, -1),
    uri: challenge.origin,
    version: "1",
    nonce: challenge.nonce,
    statement: en.account.signIn.statement,
    issuedAt: new Date(),
    expirationTime: new Date(challenge.expiresAt),
  });
  const signature = (await ask(provider, "personal_sign", [stringToHex(message), address])) as Hex;
  return await api.call(signInEndpoint, { message, signature });
}

async function ask(provider: EthereumProvider, method: string, params?: readonly unknown[]): Promise<unknown> {
  try {
    return await provider.request({ method, ...(params ? { params } : {}) });
  } catch (error) {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (code === DECLINED) throw new WalletError(en.account.signIn.refused, { cause: error });
    throw new WalletError(fill(en.account.signIn.walletFailed, { problem: String(message ?? error) }), { cause: error });
  }
}
