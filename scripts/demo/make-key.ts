import type { PrivateKeyAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { type Api, createApi } from "#lib/client/api/api.ts";
import { createChallenge, createKey, signIn } from "#lib/protocol/accounts/accounts.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";

/** Signs a wallet in as a person would; the calls that follow carry its session, as what carries its `cookie` does. */
export async function openSession(baseUrl: string, wallet: PrivateKeyAccount): Promise<{ api: Api; cookie: string }> {
  let cookie = "";
  const api = createApi({
    baseUrl,
    fetch: async (url, init) => {
      const response = await fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), ...(cookie ? { cookie, origin: baseUrl } : {}) } });
      cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? cookie;
      return response;
    },
  });
  const challenge = await api.call(createChallenge, { purpose: "sign-in" });
  const message = createSiweMessage({
    domain: new URL(challenge.origin).host,
    uri: challenge.origin,
    address: wallet.address,
    chainId: challenge.chainId,
    version: "1",
    nonce: challenge.nonce,
    statement: "Sign in to Shoal.",
  });
  await api.call(signIn, { message, signature: await wallet.signMessage({ message }) });
  return { api, cookie };
}

/** Makes a one-day API key for a wallet; the session is not kept. */
export async function makeKey(baseUrl: string, wallet: PrivateKeyAccount, scopes: KeyScope[]): Promise<string> {
  const { api } = await openSession(baseUrl, wallet);
  const { secret } = await api.call(createKey, { name: "demo", scopes, expiresInDays: 1 });
  return secret;
}
