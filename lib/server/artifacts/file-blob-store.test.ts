import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BlobStore } from "./blob-store.ts";
import { openFileBlobStore } from "./file-blob-store.ts";
import { chunks, digest, MEBI, testBlobStore, testPartialStore } from "./testing/blob-store-contract.ts";

let folder: string;
let blobs: BlobStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-blobs-"));
  blobs = await openFileBlobStore(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const uploadsLeft = () => readdir(join(folder, "tmp"));

testBlobStore(() => ({ blobs, listUnnamed: uploadsLeft }));
testPartialStore(() => blobs);

test("a reader that stops early closes the file", async () => {
  const bytes = new Uint8Array(600_000);
  await blobs.put(chunks(bytes), { bytesMax: MEBI });
  const openBefore = (await readdir("/proc/self/fd")).length;
  for await (const part of blobs.read(digest(bytes))) {
    expect(part.length).toBe(256 * 1024);
    break;
  }
  expect((await readdir("/proc/self/fd")).length).toBe(openBefore);
});

test("opening removes uploads of dead processes, but none that may still be written", async () => {
  const old = join(folder, "tmp", "old");
  await writeFile(old, "left behind");
  await utimes(old, new Date(Date.now() - 2 * 3_600_000), new Date(Date.now() - 2 * 3_600_000));
  await writeFile(join(folder, "tmp", "young"), "being written");
  await openFileBlobStore(folder);
  expect(await uploadsLeft()).toEqual(["young"]);
  await rm(join(folder, "tmp", "young"));
});
