import "server-only";
import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ApiError } from "#lib/protocol/errors.ts";
import { BlobMissingError } from "./blob-missing-error.ts";

const READ_BYTES = 256 * 1024;

/** Removes the files of a folder that nobody wrote to for so many milliseconds. */
export async function removeOldFiles(folder: string, ageMsMax: number): Promise<void> {
  const oldest = Date.now() - ageMsMax;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && found.mtimeMs < oldest) await rm(path, { force: true });
  }
}

/** Writes all of the bytes, at `position` or where the file stands. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number | null = null): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, written, bytes.byteLength - written, position === null ? null : position + written);
    written += bytesWritten;
  }
}

/** Makes new names in a folder outlive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The length of a file in bytes; null where there is none. */
export async function fileSize(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** The bytes of a file from `start` up to and not including `end`, in parts that the reader may keep. Throws a BlobMissingError that calls it `name`. */
export async function* readFileRange(path: string, name: string, range?: { start: number; end: number }): AsyncGenerator<Uint8Array> {
  const file = await openToRead(path, name);
  try {
    let at = range?.start ?? 0;
    const end = range?.end ?? Number.POSITIVE_INFINITY;
    while (at < end) {
      // A buffer of its own for every part: whoever reads may keep it.
      const part = new Uint8Array(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await file.read(part, 0, part.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield part.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

type Parts = { name: string; ranges: readonly { start: number; end: number }[]; into: Uint8Array | undefined };

/** Parts of a file, each as far as the file reaches, through one opening of it, one behind the other `into` the given bytes if they fit. Throws a BlobMissingError that calls it `name`. */
export async function readFileParts(path: string, { name, ranges, into }: Parts): Promise<Uint8Array[]> {
  const places = placesOf(ranges, into);
  const file = await openToRead(path, name);
  try {
    return await Promise.all(
      places.map(async ({ start, part }) => {
        let length = 0;
        for (let read = -1; read !== 0 && length < part.length; length += read)
          read = (await file.read(part, length, part.length - length, start + length)).bytesRead;
        return part.subarray(0, length);
      }),
    );
  } finally {
    // Nothing waits for it, and what was read stays read.
    file.close().catch(() => undefined);
  }
}

function placesOf(ranges: Parts["ranges"], into: Uint8Array | undefined): { start: number; part: Uint8Array }[] {
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const bytes = into && into.length >= total ? into : new Uint8Array(total);
  let next = 0;
  return ranges.map(({ start, end }) => {
    const part = bytes.subarray(next, next + end - start);
    next += part.length;
    return { start, part };
  });
}

async function openToRead(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw new BlobMissingError(`the bytes of ${name} are not in the store`, { cause: error });
    throw error;
  }
}

/** What to throw for an error of writing: `unavailable` where the disk is full. */
export function whereFull(error: unknown): unknown {
  const isFull = hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT");
  return isFull ? new ApiError("unavailable", { problem: "its storage is full" }, { cause: error }) : error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
