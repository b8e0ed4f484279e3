import { bufferToBase64URLString, startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { type AccountView, createChallenge } from "#lib/protocol/accounts/accounts.ts";
import type { PasskeyView } from "#lib/protocol/accounts/passkey-view.ts";
import { type Assertion, addPasskey, createPasskeyAccount, type NewCredential, offerPasskey, signInWithPasskey } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Words } from "#lib/text/words.ts";
import { api } from "../queries/api.ts";
import { askBrowser } from "./passkey-error.ts";

/** Makes an account that a new passkey opens. Throws PasskeyError or ApiError. */
export async function makeAccount(words: Words): Promise<AccountView> {
  return await api.call(createPasskeyAccount, { credential: await makePasskey(words, "account"), name: nameOfThisPlace(words) });
}

/** Makes a further passkey for the account that is signed in. Throws PasskeyError or ApiError. */
export async function makeFurther(words: Words, name: string): Promise<PasskeyView> {
  return (await api.call(addPasskey, { credential: await makePasskey(words, "add"), name: name || nameOfThisPlace(words) })).passkey;
}

/** Signs in with a passkey that the person chooses. Throws PasskeyError or ApiError. */
export async function enterWithPasskey(words: Words): Promise<AccountView> {
  const { nonce, origin } = await api.call(createChallenge, { purpose: "passkey" });
  if (origin !== window.location.origin) throw new ApiError("wrong_origin");
  const credential = await askBrowser(words, () =>
    startAuthentication({ optionsJSON: { challenge: toBase64Url(nonce), rpId: window.location.hostname, userVerification: "required" } }),
  );
  return await api.call(signInWithPasskey, { credential: credential as Assertion });
}

async function makePasskey(words: Words, use: InputOf<typeof offerPasskey>["for"]): Promise<NewCredential> {
  const { challenge, rp, user, algorithms, excluded } = await api.call(offerPasskey, { for: use });
  if (rp.id !== window.location.hostname) throw new ApiError("wrong_origin");
  const made = await askBrowser(words, () =>
    startRegistration({
      optionsJSON: {
        challenge: toBase64Url(challenge),
        rp,
        user: { ...user, displayName: user.name },
        pubKeyCredParams: algorithms.map((alg) => ({ alg, type: "public-key" })),
        excludeCredentials: excluded.map(({ id, transports }) => ({ id, transports, type: "public-key" })),
        attestation: "none",
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      },
    }),
  );
  return made as NewCredential;
}

function toBase64Url(text: string): string {
  return bufferToBase64URLString(new TextEncoder().encode(text).buffer);
}

/** As the browser calls its machine: enough to tell one's own passkeys apart. */
function nameOfThisPlace({ text }: Words): string {
  const { userAgentData, platform } = navigator as Navigator & { userAgentData?: { platform?: string } };
  return (userAgentData?.platform || platform || text.account.passkeys.unnamed).slice(0, 60);
}
