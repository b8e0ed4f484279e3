import { expect, test } from "vitest";
import { body, section, u32 } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram, TEST_PROGRAMS } from "#lib/testing/programs/build-programs.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { inspectWasm } from "./inspect-wasm.ts";
import { withMemoryMaximum } from "./memory-maximum.ts";
import { type Reader, readU32, takeReader } from "./module-reader.ts";
import { splitmix64 } from "./seed.ts";
import { walkSections } from "./walk-sections.ts";

const SEED = BigInt(TEST_SEED);
const MUTATIONS_PER_PROGRAM = atSize(4000, 100_000);
const FORBIDDEN_PER_KIND = atSize(60, 600);

function randomSource(seed: bigint): (below: number) => number {
  let position = 0n;
  return (below) => Number(splitmix64(seed, position++) % BigInt(below));
}

/** Changes a few bytes, cuts a piece out, or copies one elsewhere. */
function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(original);
  const kind = random(4);
  // Half of all changes fall into the head, where the sections are that an inspection reads most closely.
  const place = () => random(random(2) === 0 ? Math.min(2048, bytes.length) : bytes.length);
  if (kind < 2) for (let change = 0; change <= random(4); change += 1) bytes[place()] = random(256);
  else if (kind === 2) {
    const at = place();
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(Math.min(bytes.length, at + 1 + random(16)))]);
  } else bytes.copyWithin(place(), place(), place());
  return bytes;
}

test("tens of thousands of damaged programs: never an exception, and what is accepted and valid takes a memory maximum", async () => {
  const seen = { accepted: 0, acceptedAndValid: 0 };
  for (const program of TEST_PROGRAMS) {
    // The walk is linear, so small bodies find as much as large ones and far more often.
    const original = firstFunctions(await readTestProgram(program), 40);
    const random = randomSource(SEED);
    for (let round = 0; round < MUTATIONS_PER_PROGRAM; round += 1) {
      const bytes = mutate(original, random);
      if (inspectWasm(bytes, 2 ** 28).problems.length > 0) continue;
      seen.accepted += 1;
      if (!WebAssembly.validate(bytes)) continue;
      seen.acceptedAndValid += 1;
      expect(WebAssembly.validate(withMemoryMaximum(bytes, 4096))).toBe(true);
      expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).every((entry) => entry.module === "wasi_snapshot_preview1")).toBe(true);
    }
  }
  expect(seen.accepted).toBeGreaterThan(seen.acceptedAndValid);
  expect(seen.acceptedAndValid).toBeGreaterThan(1000);
});

const V128_CONST = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const STACK_NEUTRAL: Record<string, number[]> = {
  atomics: [0xfe, 0x03, 0x00],
  relaxed_simd: [...V128_CONST, ...V128_CONST, 0xfd, ...u32(0x100), 0x1a],
  exceptions: [0x06, 0x40, 0x19, 0x0b],
  gc: [0x41, 0x00, 0xfb, 0x1c, 0x1a],
};

test.each(Object.entries(STACK_NEUTRAL))("%s hidden at the head of any function of a valid program is found", async (code, instructions) => {
  const random = randomSource(SEED);
  for (const program of TEST_PROGRAMS) {
    const original = await readTestProgram(program);
    for (let round = 0; round < FORBIDDEN_PER_KIND / TEST_PROGRAMS.length; round += 1) {
      const bytes = withInstructions(original, instructions, random);
      expect(WebAssembly.validate(bytes)).toBe(true);
      expect(inspectWasm(bytes, null).problems.map((problem) => problem.code)).toEqual([code]);
    }
  }
});

/** The module with only its first bodies kept; the others become `unreachable`. */
function firstFunctions(bytes: Uint8Array, kept: number): Uint8Array<ArrayBuffer> {
  return mapBodies(bytes, (whole, index) => (index < kept ? whole : Uint8Array.from(body([0x00]))));
}

function withInstructions(bytes: Uint8Array, instructions: readonly number[], random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const target = random(countBodies(bytes));
  return mapBodies(bytes, (whole, index) => {
    if (index !== target) return whole;
    const reader: Reader = { bytes: whole, at: 0, end: whole.length };
    readU32(reader);
    const start = reader.at;
    const groups = readU32(reader);
    for (let group = 0; group < groups; group += 1) {
      readU32(reader);
      takeReader(reader, 1);
    }
    const content = [...whole.subarray(start, reader.at), ...instructions, ...whole.subarray(reader.at)];
    return Uint8Array.from([...u32(content.length), ...content]);
  });
}

function countBodies(bytes: Uint8Array): number {
  for (const { id, content } of walkSections(bytes)) if (id === 10) return readU32(content);
  return 0;
}

function mapBodies(bytes: Uint8Array, change: (whole: Uint8Array, index: number) => Uint8Array): Uint8Array<ArrayBuffer> {
  for (const { id, start, content } of walkSections(bytes)) {
    if (id !== 10) continue;
    const count = readU32(content);
    const bodies: number[][] = [];
    for (let index = 0; index < count; index += 1) {
      const from = content.at;
      takeReader(content, readU32(content));
      bodies.push([...change(bytes.subarray(from, content.at), index)]);
    }
    return Uint8Array.from([...bytes.subarray(0, start), ...section(10, [u32(count), ...bodies]), ...bytes.subarray(content.end)]);
  }
  throw new Error("The module has no code.");
}
