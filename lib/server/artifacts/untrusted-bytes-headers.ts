import "server-only";

/** Headers of everything that somebody else's program or upload may have written: no browser may show, guess or run it. */
export const UNTRUSTED_BYTES_HEADERS = {
  "content-security-policy": "sandbox",
  "x-content-type-options": "nosniff",
} as const;
