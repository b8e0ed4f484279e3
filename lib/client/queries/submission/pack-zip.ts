import { Zip, ZipPassThrough } from "fflate";
import { findPathProblem, isSkippedPath } from "#lib/domain/slicing/zip/zip-path.ts";
import type { DroppedFile } from "./dropped-files.ts";

/** Bytes that are held before they are handed to the browser, which may keep them on disk. */
const HELD_BYTES_MAX = 8 * 1024 * 1024;

export type PackedZip = { ok: true; file: File; count: number } | { ok: false; why: "name" | "twice" | "none"; name: string };

/**
 * Packs files to one zip by their paths, uncompressed, reading each once. Notes that systems leave are left out; a path that an instance would refuse, or one that
 * comes twice, packs nothing. Rejects where a file cannot be read any more.
 */
export async function packZip(dropped: readonly DroppedFile[], zipName: string): Promise<PackedZip> {
  const files = dropped.filter(({ path }) => !isSkippedPath(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (files.length === 0) return { ok: false, why: "none", name: zipName };
  for (const [i, { path }] of files.entries()) {
    if (findPathProblem(path) !== null) return { ok: false, why: "name", name: path };
    if (files[i - 1]?.path === path) return { ok: false, why: "twice", name: path };
  }
  const packed = new PackedBytes();
  for (const { path, file } of files) await packed.add(path, file);
  return { ok: true, file: packed.end(zipName), count: files.length };
}

class PackedBytes {
  readonly #zip = new Zip((error, bytes) => {
    if (error) throw error;
    this.#hold(bytes);
  });
  readonly #parts: Blob[] = [];
  #held: Uint8Array<ArrayBuffer>[] = [];
  #heldBytes = 0;

  async add(path: string, file: File): Promise<void> {
    const entry = new ZipPassThrough(path);
    // The same files give the same zip, so that a second attempt uploads nothing twice.
    entry.mtime = "1980-01-02";
    this.#zip.add(entry);
    for (const reader = file.stream().getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      entry.push(value);
    }
    entry.push(new Uint8Array(), true);
  }

  end(name: string): File {
    this.#zip.end();
    return new File([...this.#parts, ...this.#held], name, { type: "application/zip" });
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(new Uint8Array(bytes));
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < HELD_BYTES_MAX) return;
    this.#parts.push(new Blob(this.#held));
    [this.#held, this.#heldBytes] = [[], 0];
  }
}
