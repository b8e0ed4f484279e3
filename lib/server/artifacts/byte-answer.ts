import "server-only";

/** What a command that answers with bytes gives: the body is read only as fast as the client takes it, and released when it leaves. */
export type ByteAnswer = { status: 200 | 206 | 416; headers: Record<string, string>; body: AsyncIterable<Uint8Array> };

/** Headers of everything that somebody else's program or upload may have written: no browser may show, guess or run it. */
export const UNTRUSTED_BYTES_HEADERS = {
  "content-security-policy": "sandbox",
  "x-content-type-options": "nosniff",
} as const;
