const KEY_BYTES = 16;

/** A key for one intention, to be sent with each attempt at it: random, and made without what only secure pages have. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
