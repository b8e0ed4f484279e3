import { expect, test } from "vitest";
import { listZip } from "#lib/domain/slicing/zip/list-zip.ts";
import { unpackEntry } from "#lib/domain/slicing/zip/unpack-zip.ts";
import { packZip } from "./pack-zip.ts";

const dropped = (path: string, content: BlobPart = path) => ({ path, file: new File([content], path.split("/").at(-1) ?? "") });
const sourceOf = (file: File) => ({
  bytes: file.size,
  read: async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
});

test("files become a zip that an instance reads: each by its path, to the byte, whatever their order, and the same bytes each time", async () => {
  const large = crypto.getRandomValues(new Uint8Array(60_000));
  const big = new Uint8Array(20 * 1024 * 1024).map((_, i) => large[i % large.length] ?? 0);
  const files = [dropped("b.txt"), dropped("folder/ä.bin", big), dropped("a.txt", ""), dropped("folder/.DS_Store"), dropped("__MACOSX/b.txt")];
  const packed = await packZip(files, "files.zip");
  if (!packed.ok) throw new Error(packed.why);
  expect(packed).toMatchObject({ count: 3, file: { name: "files.zip" } });
  const listed = await listZip(sourceOf(packed.file), 2 ** 31);
  if (!listed.ok) throw new Error(listed.problem);
  expect(listed.entries.map(({ name, bytes }) => [name, bytes])).toEqual([
    ["a.txt", 0],
    ["b.txt", 5],
    ["folder/ä.bin", big.length],
  ]);
  const unpacked: Uint8Array[] = [];
  for (const entry of listed.entries) for await (const part of unpackEntry(sourceOf(packed.file), entry)) unpacked.push(part);
  expect(Buffer.concat(unpacked).equals(Buffer.concat([Buffer.from("b.txt"), big]))).toBe(true);
  const again = await packZip(files.toReversed(), "files.zip");
  expect(again.ok && Buffer.from(await again.file.arrayBuffer()).equals(Buffer.from(await packed.file.arrayBuffer()))).toBe(true);
});

test.each(["../up.txt", "/etc/passwd", "C:/x.txt", "a/../../b", "a\\b.txt", "a//b", "re\u202Etxt.exe"])("%j is not packed", async (path) => {
  expect(await packZip([dropped("fine.txt"), dropped(path)], "files.zip")).toEqual({ ok: false, why: "name", name: path });
});

test("two files of one path, and nothing but notes of a system, are not packed", async () => {
  expect(await packZip([dropped("a.txt"), dropped("a.txt", "other")], "files.zip")).toEqual({ ok: false, why: "twice", name: "a.txt" });
  expect(await packZip([dropped(".DS_Store")], "files.zip")).toMatchObject({ ok: false, why: "none" });
});
