import "server-only";
import type { PublicKey } from "#lib/protocol/devices/devices.ts";
import { ApiError } from "#lib/protocol/errors.ts";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SCHEME = { name: "ECDSA", hash: "SHA-256" };

/** Throws `signature_invalid` unless the holder of the key signed the statement (ECDSA P-256 over SHA-256; r‖s, 64 bytes in base64url). */
export async function checkDeviceSignature(publicKey: PublicKey, statement: string, signature: string): Promise<void> {
  const key = await importKey(publicKey);
  const isSigned = await crypto.subtle.verify(SCHEME, key, Buffer.from(signature, "base64url"), new TextEncoder().encode(statement));
  if (!isSigned) throw new ApiError("signature_invalid", { problem: "it was not made by this key for this statement" });
}

async function importKey(publicKey: PublicKey): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", publicKey, CURVE, false, ["verify"]);
  } catch (cause) {
    throw new ApiError("signature_invalid", { problem: "the public key is not a point on P-256" }, { cause });
  }
}
