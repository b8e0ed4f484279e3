import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BlobStore } from "../blob-store.ts";
import { chunks, digest, MEBI, testBlobStore, testPartialStore } from "../testing/blob-store-contract.ts";
import { openS3Server, type S3Server } from "../testing/open-s3-server.ts";
import { openS3BlobStore } from "./s3-blob-store.ts";

let server: S3Server;
let blobs: BlobStore;

beforeAll(async () => {
  server = await openS3Server();
  blobs = await openS3BlobStore(server.config);
});
afterAll(() => server.close());

testBlobStore(() => ({ blobs, listUnnamed: server.listUnnamed }));
testPartialStore(() => blobs);

/** Bytes of which no two parts are alike. */
async function* many(bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; at += MEBI) yield new Uint8Array(MEBI).fill(at / MEBI + 1);
}
async function digestOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of source) hash.update(part);
  return hash.digest("hex");
}

test("what is larger than a part goes up in parts, with a digest and without, and nothing but the named object stays", async () => {
  for (const [bytes, isExpected] of [
    [17 * MEBI, true],
    [18 * MEBI, false],
  ] as const) {
    const sha256 = await digestOf(many(bytes));
    expect(await blobs.put(many(bytes), { bytesMax: bytes, ...(isExpected ? { expected: sha256 } : {}) })).toEqual({ ok: true, sha256, bytes });
    expect(await digestOf(blobs.read(sha256))).toBe(sha256);
    expect(await blobs.readBytes(sha256, { start: 9 * MEBI - 1, end: 9 * MEBI + 1 })).toEqual(Buffer.from([9, 10]));
  }
  expect(await server.listUnnamed()).toEqual([]);
});

test("a large upload whose bytes are others than announced, or that breaks off, leaves no object, and the store is told to forget its parts", async () => {
  const wanted = "ef".repeat(32);
  const line = await server.openLine();
  const behind = await openS3BlobStore(line.config);
  expect(await behind.put(many(20 * MEBI), { bytesMax: 20 * MEBI, expected: wanted })).toMatchObject({ ok: false, reason: "digest_mismatch" });
  async function* lost() {
    yield* many(18 * MEBI);
    throw new Error("connection lost");
  }
  await expect(behind.put(lost(), { bytesMax: 99 * MEBI })).rejects.toThrow("connection lost");
  line.close();
  expect(line.asked.filter((request) => /^DELETE \S+[?&]uploadId=/.test(request))).toHaveLength(2);
  expect(await blobs.size(wanted)).toBeNull();
  expect(await server.listUnnamed()).toEqual([]);
});

test("a reading whose connection breaks goes on where it broke", async () => {
  const sha256 = await digestOf(many(10 * MEBI));
  await blobs.put(many(10 * MEBI), { bytesMax: 10 * MEBI });
  const line = await server.openLine(3 * MEBI);
  const behind = await openS3BlobStore(line.config);
  expect(await digestOf(behind.read(sha256))).toBe(sha256);
  line.close();
});

test("a store that does not answer is told as such, for reading and for writing", async () => {
  const line = await server.openLine();
  const behind = await openS3BlobStore(line.config);
  line.close();
  const unavailable = { code: "unavailable", params: { problem: "its storage does not answer" } };
  await expect(behind.size("aa".repeat(32))).rejects.toMatchObject(unavailable);
  await expect(behind.readBytes("aa".repeat(32))).rejects.toMatchObject(unavailable);
  await expect(behind.put(chunks(new Uint8Array(10)), { bytesMax: 10 })).rejects.toMatchObject(unavailable);
  await expect(openS3BlobStore({ ...server.config, bucket: "not-there" })).rejects.toMatchObject({ code: "unavailable" });
});

test("only a store that people may reach names its own URL, signed for some minutes, which answers with the bytes as a download", async () => {
  const bytes = new TextEncoder().encode("fetched from the store itself");
  await blobs.put(chunks(bytes), { bytesMax: 100 });
  expect(blobs.directUrl).toBeUndefined();
  const directOrigin = server.config.endpoint;
  await expect(openS3BlobStore({ ...server.config, directOrigin: "https://elsewhere.example" })).rejects.toThrow(`begin with ${directOrigin}`);
  const direct = await openS3BlobStore({ ...server.config, directOrigin });
  const url = (await direct.directUrl?.(digest(bytes))) ?? "";
  const answer = await fetch(url, { headers: { range: "bytes=0-6" } });
  expect([answer.status, await answer.text()]).toEqual([206, "fetched"]);
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${digest(bytes)}"`);
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ "X-Amz-Expires": "300", "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/) });
});
