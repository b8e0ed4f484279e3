import type { Sha256 } from "#lib/domain/ids.ts";
import { createSha256, initSha256 } from "#lib/hash/sha256.ts";

type DigestOptions = { signal?: AbortSignal | undefined /** Told after each piece how much has been read. */; onRead?: (readBytes: number) => void };

/** The SHA-256 of a blob, read in pieces and never held whole. */
export async function digestBlob(blob: Blob, { signal, onRead }: DigestOptions = {}): Promise<Sha256> {
  await initSha256();
  const hash = createSha256();
  let readBytes = 0;
  for await (const piece of piecesOf(blob)) {
    signal?.throwIfAborted();
    hash.update(piece);
    readBytes += piece.length;
    onRead?.(readBytes);
  }
  return hash.digestHex();
}

/** Streams are iterable in Node and not in every browser; reading by hand works in all. */
async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
