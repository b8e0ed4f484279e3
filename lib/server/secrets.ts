import "server-only";
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";

/** What a secret derived from SESSION_SECRET is for; each purpose has its own, so that one kind of token can never pass as another. */
export type SecretPurpose = "session" | "device-token" | "artifact-url" | "network-shoal" | "cluster";

const derived = new Map<string, Buffer>();

/** The 32-byte secret of one purpose (HKDF-SHA-256, RFC 5869). Kept once made, for every exchange asks for two of them. */
export function deriveSecret(sessionSecret: string, purpose: SecretPurpose): Buffer {
  const key = `${purpose} ${sessionSecret}`;
  let secret = derived.get(key);
  if (!secret) {
    secret = Buffer.from(hkdfSync("sha256", sessionSecret, "shoal", purpose, 32));
    derived.set(key, secret);
  }
  return secret;
}

/** What a signed URL permits: `read:<sha256>` or `output:<jobId>:<grantId>`, until a moment in milliseconds. */
export type UrlPermission = { scope: string; expires: number };

const keys = new WeakMap<Buffer, KeyObject>();

/** Made once for each secret: making it costs several times as much as signing with it. */
function keyOf(secret: Buffer): KeyObject {
  let key = keys.get(secret);
  if (!key) {
    key = createSecretKey(secret);
    keys.set(secret, key);
  }
  return key;
}

/** Signature of a permission, for the query of an artifact URL. */
export function signPermission(secret: Buffer, permission: UrlPermission): string {
  return createHmac("sha256", keyOf(secret)).update(`${permission.scope}\n${permission.expires}`).digest("base64url");
}

/** Whether the signature fits the permission and the permission has not expired; takes the same time for every wrong signature. */
export function isPermitted(secret: Buffer, permission: UrlPermission, proof: { signature: string; nowMs: number }): boolean {
  const expected = Buffer.from(signPermission(secret, permission));
  const given = Buffer.from(proof.signature);
  return given.length === expected.length && timingSafeEqual(given, expected) && permission.expires >= proof.nowMs;
}
