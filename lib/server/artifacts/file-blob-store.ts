import "server-only";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { BlobStore } from "./blob-store.ts";
import { fileSize, readFileParts, readFileRange, removeOldFiles, syncFolder, whereFull, writeAll } from "./file-bytes.ts";
import { openFilePartialStore } from "./file-partial-store.ts";

/** Uploads that a dead process left behind are removed at the next start once they are this old; younger ones may belong to another process. */
const TEMPORARY_AGE_MS_MAX = 3_600_000;

/**
 * A blob store in a folder: `<folder>/ab/cdef…` for the digest `abcdef…`. Bytes are written beside it, synced and renamed, so that a name appears
 * with all of its bytes or not at all, also after a power cut, and parallel uploads of the same bytes do no harm. A full disk is `unavailable`. Makes the folder.
 */
export async function openFileBlobStore(folder: string): Promise<BlobStore> {
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  await removeOldFiles(temporary, TEMPORARY_AGE_MS_MAX);
  const pathOf = (sha256: Sha256) => blobPath(folder, sha256);
  return {
    put: (source, options) => putBlob({ folder, temporary }, source, options),
    size: (sha256) => fileSize(pathOf(sha256)),
    read: (sha256, range) => readFileRange(pathOf(sha256), sha256, range),
    async readBytes(sha256, range) {
      const parts: Uint8Array[] = [];
      for await (const part of readFileRange(pathOf(sha256), sha256, range)) parts.push(part);
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    },
    readParts: (sha256, ranges, into) => readFileParts(pathOf(sha256), { name: sha256, ranges, into }),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    partials: await openFilePartialStore(join(folder, "partial")),
  };
}

function blobPath(folder: string, sha256: Sha256): string {
  // A digest comes from outside: nothing but hexadecimal digits may become a path.
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("not a SHA-256");
  return join(folder, sha256.slice(0, 2), sha256.slice(2));
}

async function putBlob(
  { folder, temporary }: { folder: string; temporary: string },
  source: AsyncIterable<Uint8Array>,
  { bytesMax, expected }: { bytesMax: number; expected?: Sha256 },
): ReturnType<BlobStore["put"]> {
  const upload = join(temporary, randomUUID());
  try {
    const written = await writeUpload(upload, source, bytesMax);
    if (written === null) return { ok: false, reason: "too_large" };
    if (expected !== undefined && written.sha256 !== expected) return { ok: false, reason: "digest_mismatch", got: written.sha256 };
    await publish(upload, blobPath(folder, written.sha256));
    return { ok: true, ...written };
  } catch (error) {
    throw whereFull(error);
  } finally {
    // After the rename there is nothing to remove; after a full disk or a lost connection there is.
    await rm(upload, { force: true });
  }
}

/** Writes and syncs the file; null as soon as it would become too large. Leaving the loop tells the source to stop. */
async function writeUpload(path: string, source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<{ sha256: Sha256; bytes: number } | null> {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(path, "wx");
  try {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) return null;
      hash.update(chunk);
      await writeAll(file, chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function publish(upload: string, path: string): Promise<void> {
  const parent = join(path, "..");
  const firstMade = await mkdir(parent, { recursive: true });
  await rename(upload, path);
  await syncFolder(parent);
  if (firstMade) await syncFolder(join(parent, ".."));
}
