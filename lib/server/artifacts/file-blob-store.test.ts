import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BlobStore } from "./blob-store.ts";
import { BlobMissingError, openFileBlobStore } from "./file-blob-store.ts";

const MEBI = 1024 * 1024;
let folder: string;
let blobs: BlobStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-blobs-"));
  blobs = await openFileBlobStore(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function* chunks(bytes: Uint8Array, chunkBytes = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** An endless source that counts what was taken of it and notes whether it was told to stop. */
function endless(chunkBytes: number) {
  const pulled = { bytes: 0, stopped: false };
  async function* source() {
    try {
      for (;;) {
        pulled.bytes += chunkBytes;
        yield new Uint8Array(chunkBytes);
      }
    } finally {
      pulled.stopped = true;
    }
  }
  return { source: source(), pulled };
}

const uploadsLeft = () => readdir(join(folder, "tmp"));

test("bytes come back under their digest, whole and in ranges", async () => {
  const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 31) % 251);
  expect(await blobs.put(chunks(bytes), { bytesMax: MEBI, expected: digest(bytes) })).toEqual({ ok: true, sha256: digest(bytes), bytes: bytes.length });
  expect(await blobs.size(digest(bytes))).toBe(bytes.length);
  expect(digest(await blobs.readBytes(digest(bytes)))).toBe(digest(bytes));
  for (const [start, end] of [
    [0, 1],
    [262_143, 262_145],
    [5, 5],
    [0, 700_001],
    [700_000, 700_001],
  ] as const) {
    expect(Buffer.compare(await blobs.readBytes(digest(bytes), { start, end }), bytes.subarray(start, end))).toBe(0);
  }
});

test("no bytes at all are a blob too", async () => {
  const sha256 = digest(new Uint8Array());
  expect(await blobs.put(chunks(new Uint8Array()), { bytesMax: 0 })).toEqual({ ok: true, sha256, bytes: 0 });
  expect(await blobs.readBytes(sha256)).toHaveLength(0);
});

test("a stream over the limit is not read further, and nothing of it stays", async () => {
  const { source, pulled } = endless(64 * 1024);
  expect(await blobs.put(source, { bytesMax: MEBI })).toEqual({ ok: false, reason: "too_large" });
  expect(pulled).toEqual({ bytes: MEBI + 64 * 1024, stopped: true });
  expect(await uploadsLeft()).toEqual([]);
});

test("bytes with another digest are refused, and visible under neither name", async () => {
  const bytes = new TextEncoder().encode("not what was promised");
  const wanted = "ab".repeat(32);
  expect(await blobs.put(chunks(bytes), { bytesMax: MEBI, expected: wanted })).toEqual({ ok: false, reason: "digest_mismatch", got: digest(bytes) });
  expect(await blobs.size(wanted)).toBeNull();
  expect(await blobs.size(digest(bytes))).toBeNull();
  expect(await uploadsLeft()).toEqual([]);
});

test("a source that breaks off, as when a client is lost, leaves nothing", async () => {
  async function* breaking() {
    yield new Uint8Array(5000);
    throw new Error("connection lost");
  }
  await expect(blobs.put(breaking(), { bytesMax: MEBI })).rejects.toThrow("connection lost");
  expect(await uploadsLeft()).toEqual([]);
});

test("parallel uploads of the same bytes all succeed, and readers see whole bytes only", async () => {
  const bytes = new Uint8Array(300_000).fill(7);
  const answers = await Promise.all(Array.from({ length: 8 }, () => blobs.put(chunks(bytes), { bytesMax: MEBI })));
  for (const answer of answers) expect(answer).toEqual({ ok: true, sha256: digest(bytes), bytes: bytes.length });
  expect(digest(await blobs.readBytes(digest(bytes)))).toBe(digest(bytes));
});

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

test("a name that is no digest never becomes a path", async () => {
  expect(() => blobs.read("../../etc/passwd")).toThrow("not a SHA-256");
  expect(() => blobs.size(`${"a".repeat(60)}/../`)).toThrow("not a SHA-256");
});

test("reading bytes that are not here says so", async () => {
  await expect(blobs.readBytes("cd".repeat(32))).rejects.toThrow(BlobMissingError);
  await blobs.remove("cd".repeat(32));
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
