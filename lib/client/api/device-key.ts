import { type PublicKey, publicKey } from "#lib/protocol/devices/devices.ts";

/** A device's ECDSA P-256 key pair. Browsers keep it in IndexedDB as it is; the private half of a key that is not extractable cannot be read by any script. */
export type DeviceKey = CryptoKeyPair;

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SCHEME = { name: "ECDSA", hash: "SHA-256" };

/** A new key. Pass `extractable` only where the key has to be written to a file. Fails where the page has no WebCrypto, that is on plain http beyond localhost. */
export async function makeDeviceKey(options: { extractable?: boolean } = {}): Promise<DeviceKey> {
  if (!globalThis.crypto?.subtle) throw new Error("This page needs https (or localhost) to make a device's key. Open it by its https address.");
  return await crypto.subtle.generateKey(CURVE, options.extractable ?? false, ["sign", "verify"]);
}

/** The whole key, with its private half, as a JSON Web Key; only for a key made `extractable`. */
export async function exportDeviceKey(key: DeviceKey): Promise<JsonWebKey> {
  return await crypto.subtle.exportKey("jwk", key.privateKey);
}

/** The key that `exportDeviceKey` wrote; the private half cannot be exported again. */
export async function importDeviceKey(jwk: JsonWebKey): Promise<DeviceKey> {
  const { kty, crv, x, y } = jwk;
  const half = publicKey.parse({ kty, crv, x, y });
  return {
    privateKey: await crypto.subtle.importKey("jwk", { ...half, d: jwk.d ?? "" }, CURVE, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("jwk", half, CURVE, true, ["verify"]),
  };
}

/** The public half as the protocol carries it. */
export async function publicKeyOf(key: DeviceKey): Promise<PublicKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key.publicKey);
  return publicKey.parse({ kty, crv, x, y });
}

/** The name of a public key: the SHA-256 of its JSON with sorted members, in base64url (RFC 7638). */
export async function thumbprintOf({ crv, kty, x, y }: PublicKey): Promise<string> {
  const canonical = JSON.stringify({ crv, kty, x, y });
  return toBase64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical)));
}

/** The signature of a text (ECDSA over SHA-256; r‖s, 64 bytes), in base64url. */
export async function signStatement(key: DeviceKey, text: string): Promise<string> {
  return toBase64Url(await crypto.subtle.sign(SCHEME, key.privateKey, new TextEncoder().encode(text)));
}

function toBase64Url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
