import "server-only";
import { createHash, randomBytes } from "node:crypto";

/** Every key starts with it, so that one that leaked into a repository can be recognised. */
export const KEY_PREFIX = "shoal_";

/** A new secret: the prefix and 32 random bytes in base64url. */
export function makeKeySecret(): string {
  return KEY_PREFIX + randomBytes(32).toString("base64url");
}

/** What is kept of a secret. A plain SHA-256 suffices where the secret itself is 256 random bits. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
