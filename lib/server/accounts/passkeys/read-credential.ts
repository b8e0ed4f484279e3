import "server-only";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL } from "@simplewebauthn/server/helpers";
import type { Assertion, NewCredential } from "#lib/protocol/accounts/passkeys.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Config } from "../../config/config.ts";
import type { NewPasskey, Passkey } from "./passkey-store.ts";

/** COSE: ES256, EdDSA, RS256; every browser's authenticators know one of them. */
export const ALGORITHMS = [-7, -8, -257];

/** The name to which passkeys of this instance are bound: the host of its origin. */
export function relyingParty({ origin }: Pick<Config, "origin">): string {
  return new URL(origin).hostname;
}

/** The challenge that a credential answers, before anything of it is believed; throws `bad_request` for what no browser writes. */
export function challengeOf({ response }: NewCredential | Assertion): string {
  try {
    return isoBase64URL.toUTF8String(decodeClientDataJSON(response.clientDataJSON).challenge);
  } catch {
    throw new ApiError("bad_request", { field: "credential", problem: "its client data cannot be read" });
  }
}

type Made = Pick<NewPasskey, "credentialId" | "publicKey" | "counter" | "transports" | "isSynced" | "isBackedUp">;

/**
 * What a new credential says, once it is proven that it was made at this instance's origin, over this challenge, by somebody whom their device recognised.
 * Throws `signature_invalid`.
 */
export async function readNewCredential(config: Config, credential: NewCredential, challenge: string): Promise<Made> {
  refuseCertificates(credential);
  const verified = await proving(() =>
    verifyRegistrationResponse({
      response: { ...plain(credential), response: { ...credential.response, transports: credential.response.transports } },
      ...expected(config, challenge),
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!verified.verified) throw new ApiError("signature_invalid", { problem: "the passkey does not prove itself" });
  const { credential: made, credentialDeviceType, credentialBackedUp } = verified.registrationInfo;
  return {
    credentialId: made.id,
    publicKey: made.publicKey,
    counter: made.counter,
    transports: credential.response.transports,
    isSynced: credentialDeviceType === "multiDevice",
    isBackedUp: credentialBackedUp,
  };
}

/** What a use of a known passkey says; throws `signature_invalid`, also for a counter that did not move on: then somebody may have copied the key. */
export async function readAssertion(
  config: Config,
  passkey: Passkey,
  { credential, challenge }: { credential: Assertion; challenge: string },
): Promise<Pick<Passkey, "counter" | "isSynced" | "isBackedUp">> {
  const { userHandle, ...response } = credential.response;
  const verified = await proving(() =>
    verifyAuthenticationResponse({
      response: { ...plain(credential), response: userHandle ? { ...response, userHandle } : response },
      ...expected(config, challenge),
      credential: { id: passkey.credentialId, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
    }),
  );
  if (!verified.verified) throw new ApiError("signature_invalid", { problem: "it was not made by this passkey" });
  const { newCounter, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo;
  return { counter: newCounter, isSynced: credentialDeviceType === "multiDevice", isBackedUp: credentialBackedUp };
}

/**
 * We ask for no attestation. One with certificates would be followed to whatever addresses of revocation lists they name, so that a stranger could make the
 * server call any; a self attestation has none.
 */
function refuseCertificates({ response }: NewCredential): void {
  const kind = attestationOf(response.attestationObject);
  if (kind !== "none" && kind !== "self")
    throw new ApiError("signature_invalid", { problem: "the passkey comes with an attestation, and this instance takes none" });
}

function attestationOf(attestationObject: string): "none" | "self" | "certified" {
  try {
    const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
    const format = decoded.get("fmt");
    if (format === "none") return "none";
    return format === "packed" && decoded.get("attStmt").get("x5c") === undefined ? "self" : "certified";
  } catch {
    throw new ApiError("bad_request", { field: "credential", problem: "its attestation object cannot be read" });
  }
}

const plain = ({ id }: { id: string }) => ({ id, rawId: id, type: "public-key" as const, clientExtensionResults: {} });

function expected(config: Config, challenge: string) {
  return {
    expectedChallenge: isoBase64URL.fromUTF8String(challenge),
    expectedOrigin: config.origin,
    expectedRPID: relyingParty(config),
    requireUserVerification: true,
  };
}

/** The library throws for every proof that does not hold. */
async function proving<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (cause) {
    throw new ApiError("signature_invalid", { problem: "the passkey's answer is not for this site, this challenge or this key" }, { cause });
  }
}
