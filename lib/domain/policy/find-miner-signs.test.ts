import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { assembleModule, type Bytes, exportOf, functionType, u32 } from "#lib/testing/programs/assemble-module.ts";
import { findMinerSigns } from "./find-miner-signs.ts";
import { HASH_MARKS, MINER_NAMES, RANDOMX_KEY } from "./miner-marks.ts";

const ROOT = join(import.meta.dirname, "../../..");
const wasi = { runtime: "wasi" };

/** An accepted module whose memory begins with these bytes. */
const holding = (...tables: readonly Uint8Array[]) => {
  const content = tables.flatMap((table) => [...table]);
  return assembleModule({ data: [[0x00, 0x41, 0x00, 0x0b, u32(content.length), content]] });
};
/** The first form of every part of a mark, or the last. */
const tables = (mark: string, form: 0 | -1 = 0) => (HASH_MARKS[mark] ?? []).map((part) => part.at(form) ?? new Uint8Array());

describe("names", () => {
  test.each(MINER_NAMES)("%s is a sign in the data of a module, in capitals, in an argument and in a kernel", (word) => {
    const bytes = [...new TextEncoder().encode(word.toUpperCase())];
    expect(findMinerSigns(holding(Uint8Array.from(bytes)), wasi)).toEqual([word]);
    expect(findMinerSigns(holding(), { ...wasi, args: ["-o", `${word}://pool.example:3333`] })).toContain(word);
    expect(findMinerSigns(new TextEncoder().encode(`// ${word}\n@compute fn main() {}`), { runtime: "wgsl" })).toEqual([word]);
  });

  test("an export is a sign too", () => {
    const bytes = assembleModule({ exports: [exportOf("cryptonight_hash", 2, 0)] });
    expect(findMinerSigns(bytes, wasi)).toEqual(["cryptonight"]);
  });
});

describe("hash functions", () => {
  test("CryptoNight is known by the tables of its five functions, in either byte order", () => {
    for (const form of [0, -1] as const) {
      const all = ["Keccak", "AES", "BLAKE-256", "Skein", "Grøstl", "JH"].flatMap((mark) => tables(mark, form));
      expect(findMinerSigns(holding(...all), wasi)).toEqual(["Keccak, AES, BLAKE-256, Skein, Grøstl, JH"]);
    }
  });

  test("constants count as operands of instructions as well", () => {
    const operands = ["Keccak", "Skein"].flatMap((mark) => (HASH_MARKS[mark] ?? []).map((part) => [...(part[2] ?? []), 0x1a]));
    const code: Bytes = operands.flat();
    const bytes = assembleModule({ types: [functionType([], [])], bodies: [code], data: [dataOf(tables("AES"), tables("JH"))] });
    expect(findMinerSigns(bytes, wasi)).toEqual(["Keccak, AES, Skein, JH"]);
  });

  test("a chain of three that nothing else chains is a sign without Keccak; two are none", () => {
    expect(findMinerSigns(holding(...tables("Skein"), ...tables("Grøstl"), ...tables("JH")), wasi)).toEqual(["Skein, Grøstl, JH"]);
    expect(findMinerSigns(holding(...tables("Skein"), ...tables("JH"), ...tables("AES")), wasi)).toEqual([]);
    expect(findMinerSigns(holding(...tables("Keccak"), ...tables("AES")), wasi)).toEqual([]);
  });

  test("RandomX is known by its key", () => {
    for (const form of RANDOMX_KEY) expect(findMinerSigns(holding(form), wasi)).toEqual(["the key of RandomX"]);
  });

  test("a kernel with Keccak and FNV is Ethash; with one of them it is not", () => {
    const kernel = (source: string) => findMinerSigns(new TextEncoder().encode(source), { runtime: "wgsl" });
    expect(kernel("const RC = vec2(0x8000808Au, 0x80000000u); const P = 0x01000193u;")).toEqual(["Keccak with FNV"]);
    expect(kernel("const P = 16777619u;")).toEqual([]);
    expect(kernel("const RC = 0x8000808Au;")).toEqual([]);
  });
});

describe("honest programs", () => {
  const programs = globSync(["examples/**/*.{wasm,wgsl}", "lib/**/*.wasm", "workers/**/*.wasm", "public/compiler/**/*.wasm"], { cwd: ROOT });
  /** hash-wasm carries each of its hash functions as a module of its own: SHA, Keccak, BLAKE, Argon2, scrypt, bcrypt, Whirlpool and more. */
  const hashes = [...readFileSync(join(ROOT, "node_modules/hash-wasm/dist/index.umd.js"), "utf8").matchAll(/"(AGFzbQ[A-Za-z0-9+/=]+)"/g)].map(
    ([, base64 = ""]) => Buffer.from(base64, "base64"),
  );

  test("no example, no program of the tests and no module of the project is taken for a miner", () => {
    expect(programs.length).toBeGreaterThan(8);
    for (const path of programs)
      expect(findMinerSigns(readFileSync(join(ROOT, path)), { runtime: path.endsWith(".wgsl") ? "wgsl" : "wasi" }), path).toEqual([]);
  });

  test("nor is any hash function of a library, not even the whole library at once", () => {
    expect(hashes.length).toBeGreaterThan(15);
    for (const module of hashes) expect(findMinerSigns(module, wasi)).toEqual([]);
    expect(findMinerSigns(Buffer.concat(hashes), wasi)).toEqual([]);
  });
});

function dataOf(...lists: readonly (readonly Uint8Array[])[]): Bytes {
  const content = lists.flat().flatMap((table) => [...table]);
  return [0x00, 0x41, 0x00, 0x0b, u32(content.length), content];
}
