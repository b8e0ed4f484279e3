import type { Sha256 } from "#lib/domain/ids.ts";
import { createSha256, initSha256 } from "#lib/hash/sha256.ts";

/** Bytes for an instance: in memory, as text, as a file (in Node `await fs.openAsBlob(path)`), or uploaded before and named by their SHA-256. */
export type Source = Uint8Array | ArrayBuffer | Blob | string | { sha256: Sha256 };

/** The digest of a source that names bytes of the instance, else null. */
export function digestOfStored(source: Source): Sha256 | null {
  return typeof source === "object" && "sha256" in source ? source.sha256 : null;
}

/** The bytes of a source as a blob; a blob of a file is read only as it is sent. */
export function blobOf(source: Exclude<Source, { sha256: Sha256 }>): Blob {
  return source instanceof Blob ? source : new Blob([source as BlobPart]);
}

/** The SHA-256 of a blob, read in pieces. */
export async function digestOf(blob: Blob, signal?: AbortSignal): Promise<Sha256> {
  await initSha256();
  const hash = createSha256();
  for await (const chunk of piecesOf(blob)) {
    signal?.throwIfAborted();
    hash.update(chunk);
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
    reader.releaseLock();
  }
}
