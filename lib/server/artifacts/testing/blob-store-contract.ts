import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { BlobMissingError } from "../blob-missing-error.ts";
import type { BlobStore } from "../blob-store.ts";

export const MEBI = 1024 * 1024;
export const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export async function* chunks(bytes: Uint8Array, chunkBytes = 1000): AsyncGenerator<Uint8Array> {
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

type Opened = {
  blobs: BlobStore;
  /** What lies in the store without a name: uploads that have not ended, or never will. */
  listUnnamed(): Promise<readonly string[]>;
};

/** What every store of blobs promises, as tests; `open` is called in each of them. */
export function testBlobStore(open: () => Opened): void {
  test("bytes come back under their digest, whole and in ranges, whether it was known before or not", async () => {
    const { blobs } = open();
    for (const [seed, isExpected] of [
      [31, true],
      [37, false],
    ] as const) {
      const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * seed) % 251);
      const options = { bytesMax: MEBI, ...(isExpected ? { expected: digest(bytes) } : {}) };
      expect(await blobs.size(digest(bytes))).toBeNull();
      expect(await blobs.put(chunks(bytes), options)).toEqual({ ok: true, sha256: digest(bytes), bytes: bytes.length });
      expect(await blobs.size(digest(bytes))).toBe(bytes.length);
      expect(digest(await blobs.readBytes(digest(bytes)))).toBe(digest(bytes));
      const ranges = [
        { start: 0, end: 1 },
        { start: 262_143, end: 262_145 },
        { start: 5, end: 5 },
        { start: 0, end: 700_001 },
        { start: 700_000, end: 700_001 },
        { start: 700_000, end: 900_000 },
        { start: 700_001, end: 700_009 },
      ];
      // Into nothing that is given, into more than all need, and into less.
      const read = await Promise.all([undefined, 1_000_000, 9].map((room) => blobs.readParts(digest(bytes), ranges, room ? new Uint8Array(room) : undefined)));
      for (const [i, { start, end }] of ranges.entries())
        for (const part of [await blobs.readBytes(digest(bytes), { start, end }), ...read.map((parts) => parts[i] ?? bytes)])
          expect(Buffer.compare(part, bytes.subarray(start, end))).toBe(0);
    }
  });

  test("no bytes at all are a blob too", async () => {
    const { blobs } = open();
    const sha256 = digest(new Uint8Array());
    expect(await blobs.put(chunks(new Uint8Array()), { bytesMax: 0 })).toEqual({ ok: true, sha256, bytes: 0 });
    expect(await blobs.size(sha256)).toBe(0);
    expect(await blobs.readBytes(sha256)).toHaveLength(0);
  });

  test("a stream over the limit is not read further, and nothing of it stays", async () => {
    const { blobs, listUnnamed } = open();
    const { source, pulled } = endless(64 * 1024);
    expect(await blobs.put(source, { bytesMax: MEBI })).toEqual({ ok: false, reason: "too_large" });
    expect(pulled).toEqual({ bytes: MEBI + 64 * 1024, stopped: true });
    expect(await listUnnamed()).toEqual([]);
  });

  test("bytes with another digest are refused, and visible under neither name", async () => {
    const { blobs, listUnnamed } = open();
    const bytes = new TextEncoder().encode("not what was promised");
    const wanted = "ab".repeat(32);
    expect(await blobs.put(chunks(bytes), { bytesMax: MEBI, expected: wanted })).toEqual({ ok: false, reason: "digest_mismatch", got: digest(bytes) });
    expect(await blobs.size(wanted)).toBeNull();
    expect(await blobs.size(digest(bytes))).toBeNull();
    expect(await listUnnamed()).toEqual([]);
  });

  test("a source that breaks off, as when a client is lost, leaves nothing", async () => {
    const { blobs, listUnnamed } = open();
    async function* breaking() {
      yield new Uint8Array(5000);
      throw new Error("connection lost");
    }
    for (const expected of [{}, { expected: "cd".repeat(32) }])
      await expect(blobs.put(breaking(), { bytesMax: MEBI, ...expected })).rejects.toThrow("connection lost");
    expect(await blobs.size("cd".repeat(32))).toBeNull();
    expect(await listUnnamed()).toEqual([]);
  });

  test("parallel uploads of the same bytes all succeed, and readers see whole bytes only", async () => {
    const { blobs } = open();
    const bytes = new Uint8Array(300_000).fill(7);
    const answers = await Promise.all(Array.from({ length: 8 }, () => blobs.put(chunks(bytes), { bytesMax: MEBI })));
    for (const answer of answers) expect(answer).toEqual({ ok: true, sha256: digest(bytes), bytes: bytes.length });
    expect(digest(await blobs.readBytes(digest(bytes)))).toBe(digest(bytes));
  });

  test("what was removed is missing, and reading bytes that are not here says so", async () => {
    const { blobs } = open();
    const bytes = new TextEncoder().encode("for a while");
    await blobs.put(chunks(bytes), { bytesMax: MEBI });
    await blobs.remove(digest(bytes));
    expect(await blobs.size(digest(bytes))).toBeNull();
    await expect(blobs.readBytes(digest(bytes))).rejects.toThrow(BlobMissingError);
    await expect(blobs.readParts(digest(bytes), [{ start: 0, end: 1 }])).rejects.toThrow(BlobMissingError);
    await blobs.remove(digest(bytes));
  });

  test("a name that is no digest is no place in the store", async () => {
    const { blobs } = open();
    expect(() => blobs.read("../../etc/passwd")).toThrow("not a SHA-256");
    expect(() => blobs.size(`${"a".repeat(60)}/../`)).toThrow("not a SHA-256");
  });
}

/** What every store promises of uploads that are not whole yet. */
export function testPartialStore(open: () => BlobStore): void {
  const name = (digit: string) => digit.repeat(32);
  const bytesOf = async (blobs: BlobStore, id: string, bytes: number) => {
    const parts: Uint8Array[] = [];
    for await (const part of blobs.partials.read(id, bytes)) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  const text = (value: string) => chunks(new TextEncoder().encode(value), 4);

  test("parts of an upload lie one behind the other, and what came before a break counts", async () => {
    const { partials } = open();
    expect(await partials.size(name("a"))).toBe(0);
    expect(await partials.write(name("a"), text("0123456789"), { offset: 0, bytesMax: 20 })).toEqual({ bytes: 10, end: "whole" });
    async function* breaking() {
      yield new TextEncoder().encode("abc");
      throw new Error("connection lost");
    }
    expect(await partials.write(name("a"), breaking(), { offset: 10, bytesMax: 10 })).toMatchObject({ bytes: 3, end: "interrupted" });
    expect(await partials.size(name("a"))).toBe(13);
    expect(await partials.write(name("a"), text("defg"), { offset: 13, bytesMax: 3 })).toMatchObject({ end: "too_long" });
    expect(await partials.write(name("a"), text("def"), { offset: 13, bytesMax: 7 })).toEqual({ bytes: 3, end: "whole" });
    expect(await bytesOf(open(), name("a"), 16)).toBe("0123456789abcdef");
  });

  test("two writers at one place, as after a connection that only seemed lost, leave the bytes that both sent", async () => {
    const { partials } = open();
    await partials.write(name("b"), text("0123456789"), { offset: 0, bytesMax: 20 });
    await partials.write(name("b"), text("01234"), { offset: 0, bytesMax: 20 });
    await partials.write(name("b"), text("56789abc"), { offset: 5, bytesMax: 15 });
    expect(await partials.size(name("b"))).toBe(13);
    expect(await bytesOf(open(), name("b"), 13)).toBe("0123456789abc");
  });

  test("a removed upload is gone, and a name that is none is no place in the store", async () => {
    const { partials } = open();
    await partials.write(name("c"), text("x"), { offset: 0, bytesMax: 1 });
    await partials.remove(name("c"));
    await partials.remove(name("c"));
    expect(await partials.size(name("c"))).toBe(0);
    await expect((async () => await partials.size("../../etc/passwd"))()).rejects.toThrow("not a name");
  });
}
