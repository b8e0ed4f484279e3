import type { Sha256 } from "#lib/domain/ids.ts";

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
