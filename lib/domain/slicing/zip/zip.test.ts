import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeZip, type PackedFile } from "#lib/testing/make-zip.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { type ByteSource, listZip } from "./list-zip.ts";
import { unpackEntry } from "./unpack-zip.ts";

const GIB = 2 ** 30;
const sourceOf = (bytes: Uint8Array): ByteSource => ({ bytes: bytes.length, read: async (from, to) => bytes.subarray(from, to) });

async function unpack(bytes: Uint8Array, bytesMax = GIB): Promise<[string, string][]> {
  const source = sourceOf(bytes);
  const listing = await listZip(source, bytesMax);
  if (!listing.ok) throw new Error(listing.problem);
  const files: [string, string][] = [];
  for (const entry of listing.entries) {
    const parts: Uint8Array[] = [];
    for await (const part of unpackEntry(source, entry)) parts.push(part);
    files.push([entry.name, Buffer.concat(parts).toString()]);
  }
  return files;
}

const names = fc.uniqueArray(fc.stringMatching(/^[a-zä0-9]{1,8}(\/[a-z0-9]{1,5})?\.[a-z]{1,3}$/), { minLength: 1, maxLength: 8 });

describe("a zip", () => {
  test("gives back every file, in the order of their names, stored or deflated", async () => {
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.infiniteStream(fc.tuple(fc.string({ maxLength: 300 }), fc.boolean())),
        fc.string({ maxLength: 20 }),
        async (all, contents, comment) => {
          const files = all.map((name): PackedFile => {
            const [content, stored] = contents.next().value;
            return { name, content, stored };
          });
          const expected = files.map(({ name, content }) => [name, Buffer.from(content).toString()]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
          expect(await unpack(makeZip(files, comment))).toEqual(expected);
        },
      ),
      { numRuns: atSize(60, 1500) },
    );
  });

  test("made by another program, with folders, is read without them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "shoal-zip-"));
    mkdirSync(join(folder, "data/deep"), { recursive: true });
    writeFileSync(join(folder, "data/b.txt"), "b".repeat(5000));
    writeFileSync(join(folder, "data/deep/a.txt"), "a");
    execFileSync("python3", ["-c", "import shutil,sys; shutil.make_archive(sys.argv[1],'zip',sys.argv[2])", join(folder, "made"), join(folder, "data")]);
    expect(await unpack(readFileSync(join(folder, "made.zip")))).toEqual([
      ["b.txt", "b".repeat(5000)],
      ["deep/a.txt", "a"],
    ]);
  });

  test("leaves out folders and the notes of operating systems", async () => {
    const files = ["a/", "__MACOSX/._x", "x/.DS_Store", "x/real.txt"].map((name) => ({ name, content: name, stored: true }));
    expect((await unpack(makeZip(files))).map(([name]) => name)).toEqual(["x/real.txt"]);
  });
});

describe("refused is", () => {
  const plain = { name: "a.txt", content: "hello" };
  test.each<[string, PackedFile[], RegExp]>([
    ["a path that climbs", [{ ...plain, name: "../etc/passwd" }], /leaves its folder/],
    ["a path that climbs inside", [{ ...plain, name: "a/../../b" }], /leaves its folder/],
    ["an absolute path", [{ ...plain, name: "/etc/passwd" }], /absolute/],
    ["a drive", [{ ...plain, name: "C:evil.txt" }], /absolute/],
    ["a backslash", [{ ...plain, name: "..\\evil.txt" }], /backslash/],
    ["a NUL in a name", [{ ...plain, name: "a.txt\0.wasm" }], /cannot be seen/],
    ["a name that turns the reading direction", [{ ...plain, name: "a\u202Etxt" }], /cannot be seen/],
    ["a link", [{ ...plain, claims: { mode: 0o120777 } }], /is a link/],
    ["encryption", [{ ...plain, claims: { flags: 0x0801 } }], /encrypted/],
    ["another packing", [{ ...plain, claims: { method: 14 } }], /method 14/],
    ["a name twice", [plain, plain], /twice/],
    ["files that overlap", [plain, { ...plain, name: "b.txt", claims: { at: 0 } }], /overlaps/],
    ["a file beyond the end", [{ ...plain, claims: { at: 100_000 } }], /overlaps/],
    ["a wrong checksum", [{ ...plain, claims: { crc32: 1 } }], /another checksum/],
    ["a file that unpacks to more than it says", [{ name: "a", content: "x".repeat(5000), claims: { bytes: 10 } }], /to more than the directory says/],
    ["a file that unpacks to less than it says", [{ name: "a", content: "x", claims: { bytes: 10 } }], /to less than the directory says/],
    ["a bomb by its ratio", [{ name: "a", content: "x", claims: { bytes: 100 * 2 ** 20 } }], /200 times/],
    ["a bomb by its size", [{ name: "a", content: "x", claims: { bytes: 2 * 2 ** 30 } }], /bytes, and/],
  ])("%s", async (_, files, problem) => {
    await expect(unpack(makeZip(files))).rejects.toThrow(problem);
  });

  test("a real bomb, after no more than it may unpack to", async () => {
    const bomb = makeZip([{ name: "zeros", content: new Uint8Array(8 * 2 ** 20), claims: { bytes: 1000 } }]);
    const source = sourceOf(bomb);
    const listing = await listZip(source, GIB);
    const [entry] = listing.ok ? listing.entries : [];
    if (!entry) throw new Error("the bomb was not listed");
    let given = 0;
    await expect(
      (async () => {
        for await (const part of unpackEntry(source, entry)) given += part.length;
      })(),
    ).rejects.toThrow(/to more/);
    expect(given).toBeLessThanOrEqual(1000);
  });

  test("any damage: cutting or changing bytes never gives another content, and never anything but a problem", async () => {
    const whole = makeZip([
      { name: "a.txt", content: "the quick brown fox ".repeat(20) },
      { name: "b.txt", content: "jumps", stored: true },
    ]);
    const right = new Map(await unpack(whole));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, change, isCut) => {
        const bytes = isCut ? whole.slice(0, at) : Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ change : byte));
        const files = await unpack(bytes).catch((error: unknown) =>
          error instanceof Error && !/TypeError|RangeError/.test(error.name) ? null : Promise.reject(error),
        );
        for (const [, content] of files ?? []) expect([...right.values()]).toContain(content);
      }),
      { numRuns: atSize(300, 5000) },
    );
  });
});
