import { getAddress, type Hex, stringToHex } from "viem";
import { createSiweMessage } from "viem/siwe";
import { type AccountView, createChallenge, signIn as signInEndpoint } from "#lib/protocol/accounts/accounts.ts";
import { addWallet as addWalletEndpoint } from "#lib/protocol/accounts/passkeys.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Words } from "#lib/text/words.ts";
import { createApi } from "../api/api.ts";
import type { EthereumProvider } from "./ethereum-provider.ts";

/** A wallet that did not sign, with what to do in words. */
class WalletError extends Error {
  override name = "WalletError";
}

/** The code with which wallets report that their person declined (EIP-1193). */
const DECLINED = 4001;
/** What a person signs is English in every language: EIP-4361 allows no characters beyond ASCII. */
const STATEMENTS = { "sign-in": "Sign in to Shoal.", wallet: "Add this wallet to my Shoal account, for good." } as const;
const api = createApi({ baseUrl: "" });

/**
 * Signs in: asks the wallet for its account and for a signature of a message (EIP-4361) that is bound to this instance, its chain and a challenge of a few
 * minutes. Throws WalletError if the wallet does not sign, ApiError if the instance does not take the signature.
 */
export async function signIn(provider: EthereumProvider, chainId: number, words: Words): Promise<AccountView> {
  return await api.call(signInEndpoint, await signMessage({ provider, words }, { purpose: "sign-in", chainId }));
}

/** Gives the account that is signed in this wallet, by a message that names the account. Throws as `signIn()` does. */
export async function addWallet(provider: EthereumProvider, chainId: number, { accountId, words }: { accountId: string; words: Words }): Promise<AccountView> {
  return await api.call(addWalletEndpoint, await signMessage({ provider, words }, { purpose: "wallet", chainId, requestId: accountId }));
}

type Asked = { provider: EthereumProvider; words: Words };
type Purpose = { purpose: keyof typeof STATEMENTS; chainId: number; requestId?: string };

async function signMessage({ provider, words }: Asked, { purpose, chainId, requestId }: Purpose): Promise<{ message: string; signature: Hex }> {
  const [account] = (await ask({ provider, words }, "eth_requestAccounts")) as (string | undefined)[];
  if (!account) throw new WalletError(words.text.account.signIn.noAccount);
  const address = getAddress(account);
  const challenge = await api.call(createChallenge, { purpose });
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
    statement: STATEMENTS[purpose],
    issuedAt: new Date(),
    expirationTime: new Date(challenge.expiresAt),
    ...(requestId ? { requestId } : {}),
  });
  const signature = (await ask({ provider, words }, "personal_sign", [stringToHex(message), address])) as Hex;
  return { message, signature };
}

async function ask({ provider, words }: Asked, method: string, params?: readonly unknown[]): Promise<unknown> {
  try {
    return await provider.request({ method, ...(params ? { params } : {}) });
  } catch (error) {
    const { signIn } = words.text.account;
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (code === DECLINED) throw new WalletError(signIn.refused, { cause: error });
    throw new WalletError(words.fill(signIn.walletFailed, { problem: String(message ?? error) }), { cause: error });
  }
}
