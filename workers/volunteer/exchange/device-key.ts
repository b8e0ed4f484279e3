import type { PublicKey } from "#lib/protocol/devices/devices.ts";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A device's key pair, as WebCrypto holds it; browsers and Node share it. */
export type DeviceKey = { publicKey: CryptoKey; privateKey: CryptoKey };

/** A new key. A page keeps it unextractable; a process has to write it down. Fails where the page has no WebCrypto, that is on plain http beyond localhost. */
export async function createDeviceKey(options: { extractable: boolean }): Promise<DeviceKey> {
  if (!globalThis.crypto?.subtle) throw new Error("This page needs https (or localhost) to make a device's key. Open it by its https address.");
  return await crypto.subtle.generateKey(CURVE, options.extractable, ["sign", "verify"]);
}

/** The private key as a JSON Web Key, for a file. */
export async function exportDeviceKey({ privateKey }: DeviceKey): Promise<JsonWebKey> {
  return await crypto.subtle.exportKey("jwk", privateKey);
}

/** The key that was exported, extractable again if asked to be; fails when it is not one. */
export async function importDeviceKey(jwk: JsonWebKey, { extractable }: { extractable: boolean }): Promise<DeviceKey> {
  const { kty, crv, x, y } = jwk;
  if (kty !== "EC" || crv !== "P-256" || x === undefined || y === undefined || jwk.d === undefined) throw new Error("This is not a P-256 private key.");
  const privateKey = await crypto.subtle.importKey("jwk", jwk, CURVE, extractable, ["sign"]);
  const publicKey = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, true, ["verify"]);
  return { publicKey, privateKey };
}

/** The public half as the protocol carries it, with its RFC 7638 thumbprint. */
export async function describeDeviceKey({ publicKey }: DeviceKey): Promise<{ publicKey: PublicKey; thumbprint: string }> {
  const { x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  if (x === undefined || y === undefined) throw new Error("The device's public key cannot be read.");
  // RFC 7638: the required members only, in this order, without spaces.
  const canonical = new TextEncoder().encode(JSON.stringify({ crv: "P-256", kty: "EC", x, y }));
  const digest = await crypto.subtle.digest("SHA-256", canonical);
  return { publicKey: { kty: "EC", crv: "P-256", x, y }, thumbprint: toBase64Url(new Uint8Array(digest)) };
}

/** Signs a statement of the device: ECDSA with SHA-256, raw r‖s, base64url. */
export async function signStatement({ privateKey }: DeviceKey, statement: string): Promise<string> {
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, new TextEncoder().encode(statement));
  return toBase64Url(new Uint8Array(signature));
}

/** Bytes in base64url without padding, as JSON Web Keys carry them. */
export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
