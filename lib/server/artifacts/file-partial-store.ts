import "server-only";
import { constants } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PartialStore } from "./blob-store.ts";
import { fileSize, readFileRange, removeOldFiles, syncFolder, whereFull, writeAll } from "./file-bytes.ts";

/** Far longer than any upload waits: what is still here has no row that would expire. */
const LOST_AGE_MS_MAX = 7 * 86_400_000;

/** Uploads on their way as files of one folder, each under its name. Makes the folder. A full disk is `unavailable`. */
export async function openFilePartialStore(folder: string): Promise<PartialStore> {
  await mkdir(folder, { recursive: true });
  await removeOldFiles(folder, LOST_AGE_MS_MAX);
  const pathOf = (name: string) => {
    if (!/^[0-9a-f]{32}$/.test(name)) throw new TypeError("not a name of an upload");
    return join(folder, name);
  };
  return {
    write: (name, source, place) => writePart(folder, pathOf(name), { source, ...place }),
    size: async (name) => (await fileSize(pathOf(name))) ?? 0,
    read: (name, bytes) => readFileRange(pathOf(name), name, { start: 0, end: bytes }),
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

type Part = { source: AsyncIterable<Uint8Array>; offset: number; bytesMax: number };

async function writePart(folder: string, path: string, { source, offset, bytesMax }: Part): ReturnType<PartialStore["write"]> {
  // Not truncated: a second writer at the same place, after a connection that only seemed lost, brings the same bytes.
  const file = await open(path, constants.O_CREAT | constants.O_WRONLY).catch((error: unknown) => {
    throw whereFull(error);
  });
  const chunks = source[Symbol.asyncIterator]();
  let bytes = 0;
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => ({ cause }));
      if ("cause" in next || next.done) {
        await file.sync();
        if (offset === 0) await syncFolder(folder);
        return "cause" in next ? { bytes, end: "interrupted", cause: next.cause } : { bytes, end: "whole" };
      }
      if (bytes + next.value.byteLength > bytesMax) return { bytes, end: "too_long" };
      await writeAll(file, next.value, offset + bytes);
      bytes += next.value.byteLength;
    }
  } catch (error) {
    throw whereFull(error);
  } finally {
    await chunks.return?.(undefined);
    await file.close();
  }
}
