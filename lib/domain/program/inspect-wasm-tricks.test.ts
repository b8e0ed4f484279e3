import { expect, test } from "vitest";
import { assembleModule, type Bytes, exportOf, functionType, I32, type ModuleParts, section, u32 } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram, TEST_PROGRAMS } from "#lib/testing/programs/build-programs.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { inspectWasm } from "./inspect-wasm.ts";
import { type Reader, readU32 } from "./module-reader.ts";
import { splitmix64 } from "./seed.ts";
import { walkSections } from "./walk-sections.ts";

/*
 * Programs of which it is known what is wrong with them, written in ways that the format allows and no compiler uses: numbers longer than they need to be,
 * sections cut, moved, doubled, custom sections in between. The engine of this process says whether a module is valid; the inspection must never accept one that
 * has what is forbidden.
 */
const ROUNDS = atSize(600, 40_000);
const HEAD_BYTES = 8;

type Draw = (below: number) => number;
function drawFrom(salt: number): Draw {
  let at = 0n;
  return (below) => Number(splitmix64(BigInt(TEST_SEED) + (BigInt(salt) << 32n), at++) % BigInt(below));
}

/** A number in LEB128 with up to five bytes, as many of them superfluous as are drawn. */
function padded(value: number, draw: Draw): number[] {
  const bytes = u32(value);
  const extra = draw(6 - bytes.length);
  if (extra === 0) return bytes;
  const last = bytes.pop() as number;
  return [...bytes, last | 0x80, ...new Array<number>(extra - 1).fill(0x80), 0];
}

const V128_CONST: Bytes = [0xfd, 0x0c, new Array<number>(16).fill(0)];

/** Parts of a module that has one forbidden thing, and the code under which it is refused. */
const FORBIDDEN: Record<string, (draw: Draw) => ModuleParts> = {
  atomics: (draw) => ({ bodies: [[0xfe, padded(0x03, draw), 0x00]] }),
  relaxed_simd: (draw) => ({ bodies: [[V128_CONST, V128_CONST, 0xfd, padded(0x100, draw), 0x1a]] }),
  exceptions: (draw) => ({ types: [functionType([], [])], tags: [[0, padded(0, draw)]] }),
  shared_memory: (draw) => ({ memories: [[0x03, padded(1, draw), padded(2, draw)]] }),
  memory64: (draw) => ({ memories: [[0x04, padded(1, draw)]] }),
  multiple_memories: (draw) => ({
    memories: [
      [0x00, padded(1, draw)],
      [0x00, padded(1, draw)],
    ],
  }),
  gc: (draw) => ({ bodies: [[0x41, 0x00, 0xfb, padded(0x1c, draw), 0x1a]] }),
  unknown_import: (draw) => ({
    imports: [[[3, 0x65, 0x6e, 0x76], [1, 0x66], 0x00, padded(0, draw)]],
    exports: [exportOf("memory", 2, 0), exportOf("_start", 0, 1)],
  }),
  imported_memory: (draw) => ({ imports: [[[3, 0x65, 0x6e, 0x76], [1, 0x6d], 0x02, 0x00, padded(1, draw)]], memories: [] }),
  imported_global: () => ({ imports: [[[3, 0x65, 0x6e, 0x76], [1, 0x67], 0x03, I32, 0]] }),
};

test.each(Object.entries(FORBIDDEN))("%s is refused however its numbers are written and whatever stands around it", (code, partsOf) => {
  const draw = drawFrom(code.length);
  let valid = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const bytes = scatterCustomSections(padSections(assembleModule(partsOf(draw)), draw), draw);
    const { problems } = inspectWasm(bytes, 2 ** 28);
    if (WebAssembly.validate(bytes)) valid += 1;
    expect(problems.map((problem) => problem.code)).toContain(code);
  }
  // All of them are modules that this engine would run.
  expect(valid).toBe(ROUNDS);
});

test("real programs with their sections written longer and custom ones in between stay accepted, and compile", async () => {
  const draw = drawFrom(99);
  for (const program of TEST_PROGRAMS) {
    const original = await readTestProgram(program);
    for (let round = 0; round < atSize(5, 100); round += 1) {
      const bytes = scatterCustomSections(padSections(original, draw), draw);
      expect(inspectWasm(bytes, 2 ** 28).problems).toEqual([]);
      expect(WebAssembly.validate(bytes)).toBe(true);
    }
  }
});

test("sections that are cut, moved, doubled or left out: never an exception, and what is accepted has nothing but WASI and one memory", async () => {
  const draw = drawFrom(7);
  let accepted = 0;
  for (const program of TEST_PROGRAMS) {
    const original = await readTestProgram(program);
    const parts = sectionsOf(original).filter(({ id }) => id !== 0);
    for (let round = 0; round < ROUNDS; round += 1) {
      const bytes = disturb(original, parts, draw);
      if (inspectWasm(bytes, 2 ** 28).problems.length > 0 || !WebAssembly.validate(bytes)) continue;
      accepted += 1;
      const module = new WebAssembly.Module(bytes);
      expect(WebAssembly.Module.imports(module).every((entry) => entry.module === "wasi_snapshot_preview1" && entry.kind === "function")).toBe(true);
      expect(WebAssembly.Module.exports(module).filter(({ kind }) => kind === "memory").length).toBeGreaterThan(0);
    }
  }
  expect(accepted).toBeGreaterThan(10);
});

type Part = { id: number; from: number; to: number };

function sectionsOf(bytes: Uint8Array): Part[] {
  return [...walkSections(bytes)].map(({ id, start, content }) => ({ id, from: start, to: content.end }));
}

function disturb(bytes: Uint8Array, parts: readonly Part[], draw: Draw): Uint8Array<ArrayBuffer> {
  const list = [...parts];
  const at = draw(list.length);
  const [part] = list.splice(at, 1) as [Part];
  const how = draw(4);
  if (how === 0) list.splice(draw(list.length + 1), 0, part);
  if (how === 1) list.splice(at, 0, part, part);
  if (how === 2) list.splice(at, 0, { ...part, to: part.from + 1 + draw(part.to - part.from) });
  const whole = Buffer.concat([bytes.subarray(0, HEAD_BYTES), ...list.map(({ from, to }) => bytes.subarray(from, to))]);
  return Uint8Array.from(draw(8) === 0 ? whole.subarray(0, draw(whole.length)) : whole);
}

/** The same module with the lengths of its sections written in more bytes than they need. */
function padSections(bytes: Uint8Array, draw: Draw): Uint8Array<ArrayBuffer> {
  const out: number[] = [...bytes.subarray(0, HEAD_BYTES)];
  for (const { id, from, to } of sectionsOf(bytes)) {
    const reader: Reader = { bytes, at: from + 1, end: to };
    const length = readU32(reader);
    out.push(id, ...padded(length, draw));
    for (const byte of bytes.subarray(reader.at, to)) out.push(byte);
  }
  return Uint8Array.from(out);
}

/** The same module with custom sections between the others, some of which look like instructions. */
function scatterCustomSections(bytes: Uint8Array, draw: Draw): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [bytes.subarray(0, HEAD_BYTES)];
  for (const { from, to } of sectionsOf(bytes)) {
    if (draw(3) === 0) pieces.push(Uint8Array.from(section(0, [1, 0x61 + draw(26), 0xfe, 0xfb, 0x0b, draw(256)])));
    pieces.push(bytes.subarray(from, to));
  }
  return Uint8Array.from(Buffer.concat(pieces));
}
