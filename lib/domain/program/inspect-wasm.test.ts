import { describe, expect, test } from "vitest";
import {
  assembleModule,
  type Bytes,
  exportOf,
  F64,
  functionType,
  I32,
  I64,
  importOf,
  type ModuleParts,
  name,
  section,
  u32,
  V128,
} from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram, TEST_PROGRAMS } from "#lib/testing/programs/build-programs.ts";
import { inspectWasm } from "./inspect-wasm.ts";
import { WASI_IMPORTS } from "./wasi-imports.ts";

const MIB = 1024 * 1024;
const codesOf = (bytes: Uint8Array, memoryBytesMax: number | null = 256 * MIB) => inspectWasm(bytes, memoryBytesMax).problems.map((problem) => problem.code);
const featuresOf = (parts: ModuleParts) => inspectWasm(assembleModule(parts), null).features;
const V128_CONST: Bytes = [0xfd, 0x0c, new Array<number>(16).fill(0)];
const [RETURN_NOTHING, DROP] = [0x0f, 0x1a];

describe("accepts", () => {
  test.each(TEST_PROGRAMS)("the compiled C program %s, and tells its imports and memory", async (program) => {
    const bytes = await readTestProgram(program);
    const inspection = inspectWasm(bytes, 256 * MIB);
    expect(inspection.problems).toEqual([]);
    expect(inspection.imports).toContain("wasi_snapshot_preview1.fd_write");
    expect(inspection.memory?.minPages).toBeGreaterThan(0);
    expect(inspection.sizeBytes).toBe(bytes.length);
    expect(inspection.imports).toEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map((entry) => `${entry.module}.${entry.name}`));
  });

  const features: [string, ModuleParts][] = [
    ["bulk_memory", { bodies: [[0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0]] }],
    ["extended_const", { globals: [[I32, 0, 0x41, 1, 0x41, 2, 0x6a, 0x0b]] }],
    ["multi_value", { types: [functionType([], []), functionType([], [I32, I32])] }],
    ["multi_value", { types: [functionType([], []), functionType([I32], [I32])], bodies: [[0x41, 0, 0x02, 1, 0x0b, DROP]] }],
    ["reference_types", { tables: [[0x6f, 0, 1]] }],
    ["saturating_float_to_int", { bodies: [[0x44, new Array<number>(8).fill(0), 0xfc, 0x02, DROP]] }],
    ["sign_extension", { bodies: [[0x41, 0, 0xc0, DROP]] }],
    ["simd128", { bodies: [[V128_CONST, DROP]] }],
    ["tail_call", { bodies: [[0x12, 0]] }],
  ];
  test.each(features)("%s, which every browser has", (feature, parts) => {
    expect(WebAssembly.validate(assembleModule(parts))).toBe(true);
    expect(codesOf(assembleModule(parts))).toEqual([]);
    expect(featuresOf(parts)).toEqual([feature]);
  });

  test("a plain module, with no feature beyond the first version", () => {
    expect(inspectWasm(assembleModule(), null)).toMatchObject({ features: [], problems: [], memory: { minPages: 1, maxPages: null } });
    expect(inspectWasm(assembleModule({ memories: [[1, 2, u32(400)]] }), null).memory).toEqual({ minPages: 2, maxPages: 400 });
  });

  test("every WASI function with its type", () => {
    const letters = { i: I32, I: I64 };
    const typed = Object.entries(WASI_IMPORTS).map(([field, type]) => {
      const [parameters = "", results = ""] = type.split(":");
      const types = (text: string) => [...text].map((letter) => letters[letter as keyof typeof letters]);
      return { field, type: functionType(types(parameters), types(results)) };
    });
    const bytes = assembleModule({
      types: [functionType([], []), ...typed.map(({ type }) => type)],
      imports: typed.map(({ field }, index) => importOf("wasi_snapshot_preview1", field, [0, u32(index + 1)])),
    });
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(codesOf(bytes)).toEqual([]);
  });

  test("names the tools in the producers section, and does not mind a damaged one", () => {
    const producers = section(0, [name("producers"), 1, name("processed-by"), 1, name("clang"), name("22.0.0")]);
    expect(inspectWasm(assembleModule({ tail: producers }), null)).toMatchObject({ producers: ["clang 22.0.0"], problems: [] });
    const damaged = section(0, [name("producers"), 200, 1]);
    expect(inspectWasm(assembleModule({ tail: damaged }), null)).toMatchObject({ producers: [], problems: [] });
  });
});

describe("refuses, with the reason and the way out", () => {
  const start = functionType([], []);
  const cases: [string, Uint8Array, RegExp][] = [
    ["not_wasm", new TextEncoder().encode("#!/bin/sh\necho hello"), /not a WebAssembly module/],
    ["not_wasm", new Uint8Array(), /not a WebAssembly module/],
    ["component", Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /component/],
    ["malformed", Uint8Array.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), /unknown version/],
    ["malformed", assembleModule().subarray(0, 30), /damaged/],
    ["no_start", assembleModule({ exports: [exportOf("memory", 2, 0)] }), /no _start/],
    ["no_start", assembleModule({ exports: [exportOf("memory", 2, 0), exportOf("_start", 2, 0)] }), /not a function without parameters/],
    ["no_start", assembleModule({ types: [functionType([I32], [])] }), /not a function without parameters/],
    ["unknown_import", assembleModule({ imports: [importOf("env", "fetch", [0, 0])] }), /env\.fetch/],
    ["unknown_import", assembleModule({ imports: [importOf("wasi_snapshot_preview1", "fd_teleport", [0, 0])] }), /fd_teleport/],
    ["unknown_import", assembleModule({ imports: [importOf("wasi_snapshot_preview1", "toString", [0, 0])] }), /toString/],
    ["wasi_unstable", assembleModule({ imports: [importOf("wasi_unstable", "fd_write", [0, 0])] }), /early draft/],
    ["import_type", assembleModule({ imports: [importOf("wasi_snapshot_preview1", "fd_write", [0, 0])] }), /wrong type: .*fd_write/],
    ["imported_memory", assembleModule({ imports: [importOf("env", "memory", [2, 0, 1])], memories: [] }), /env\.memory/],
    ["imported_table", assembleModule({ imports: [importOf("env", "table", [1, 0x70, 0, 1])] }), /env\.table/],
    ["imported_global", assembleModule({ imports: [importOf("env", "base", [3, I32, 0])] }), /env\.base/],
    ["no_memory_export", assembleModule({ exports: [exportOf("_start", 0, 0)] }), /does not export its memory/],
    ["memory_minimum", assembleModule({ memories: [[0, u32(4097)]] }), /268500992 bytes of memory; the job's limit is 268435456/],
    ["shared_memory", assembleModule({ memories: [[3, 1, 1]] }), /shared between threads/],
    ["memory64", assembleModule({ memories: [[4, 1]] }), /64-bit/],
    ["memory64", assembleModule({ memories: [[4, [...new Array<number>(9).fill(0x80), 1]]] }), /64-bit/],
    [
      "multiple_memories",
      assembleModule({
        memories: [
          [0, 1],
          [0, 1],
        ],
      }),
      /more than one memory/,
    ],
    ["multiple_memories", assembleModule({ bodies: [[0x41, 0, 0x28, 0x42, 1, 0, DROP]] }), /more than one memory/],
    ["atomics", assembleModule({ bodies: [[0xfe, 0x03, 0x00]] }), /atomic/],
    ["atomics", assembleModule({ bodies: [[0x41, 0, 0xfe, 0x10, 2, 0, DROP]] }), /atomic/],
    ["relaxed_simd", assembleModule({ bodies: [[V128_CONST, V128_CONST, 0xfd, u32(0x100), DROP]] }), /relaxed SIMD/],
    ["exceptions", assembleModule({ tags: [[0, 0]] }), /exceptions/],
    ["exceptions", assembleModule({ bodies: [[0x06, 0x40, 0x0b]] }), /exceptions/],
    ["exceptions", assembleModule({ bodies: [[0x1f, 0x40, 0, 0x0b]] }), /exceptions/],
    ["gc", assembleModule({ types: [start, [0x5f, 0]] }), /garbage-collected/],
    ["gc", assembleModule({ bodies: [[0x41, 0, 0xfb, 0x1c, DROP]] }), /garbage-collected/],
    ["gc", assembleModule({ bodies: [[0xd0, 0x6e, DROP]] }), /garbage-collected/],
    ["unknown_opcode", assembleModule({ bodies: [[0x27]] }), /instruction 0x27 at byte \d+/],
    ["unknown_opcode", assembleModule({ bodies: [[0xfc, 0x13]] }), /0xfc 0x13/],
    ["unknown_opcode", assembleModule({ bodies: [[0xfd, u32(0x9a)]] }), /0xfd 0x9a/],
    ["unknown_opcode", assembleModule({ memories: [[8, 1, 0]] }), /pages of another size/],
  ];
  test.each(cases)("%s (case %#)", (code, bytes, words) => {
    const { problems } = inspectWasm(bytes, 256 * MIB);
    const problem = problems.find((candidate) => candidate.code === code);
    expect(problem?.message).toMatch(words);
    expect(problem?.fix.length).toBeGreaterThan(20);
  });

  test("every reason at once, so that one build can mend them all", () => {
    const bytes = assembleModule({
      imports: [importOf("env", "fetch", [0, 0]), importOf("wasi_unstable", "fd_read", [0, 0])],
      exports: [],
      bodies: [[0xfe, 0x03, 0x00]],
    });
    expect(codesOf(bytes)).toEqual(["atomics", "wasi_unstable", "unknown_import", "no_start", "no_memory_export"]);
  });

  test("an unknown instruction by the offset of its byte", () => {
    const bytes = assembleModule({ bodies: [[0x01, 0x01, 0x27]] });
    const offset = bytes.lastIndexOf(0x27);
    expect(inspectWasm(bytes, null).problems[0]?.message).toContain(`at byte ${offset}.`);
  });

  test("a thousand foreign imports in one short sentence", () => {
    const imports = Array.from({ length: 1000 }, (_, index) => importOf("env", `f${index}${"x".repeat(200)}`, [0, 0]));
    const [problem] = inspectWasm(assembleModule({ imports }), null).problems;
    expect(problem?.message).toContain("and 992 more");
    expect(problem?.message.length).toBeLessThan(800);
  });
});

describe("damage", () => {
  test("every truncation of a real program is refused", async () => {
    const bytes = await readTestProgram("spin");
    for (let length = 0; length < bytes.length; length += length < 2000 ? 1 : 97) expect(codesOf(bytes.subarray(0, length))).not.toEqual([]);
  });

  test("sections out of order, doubled, unknown or longer than their content are refused", () => {
    const memory = section(5, [1, 0, 1]);
    expect(codesOf(assembleModule({ tail: memory }))).toEqual(["malformed"]);
    expect(codesOf(assembleModule({ tail: section(14, []) }))).toEqual(["malformed"]);
    expect(codesOf(assembleModule({ memories: [[0, 1, 0]] }))).toEqual(["malformed"]);
    expect(codesOf(assembleModule({ functions: [[0], [0]] }))).toEqual(["malformed"]);
  });

  test("numbers that are too long and lists that claim too much are refused at once", () => {
    const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const long = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
    expect(codesOf(Uint8Array.from([...header, 1, ...long]))).toEqual(["malformed"]);
    expect(codesOf(Uint8Array.from([...header, ...section(1, [0xff, 0xff, 0xff, 0xff, 0x0f])]))).toEqual(["malformed"]);
    expect(codesOf(Uint8Array.from([...header, 1, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toEqual(["malformed"]);
    expect(codesOf(assembleModule({ bodies: [[0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f]] }))).toEqual(["malformed"]);
  });

  test("a body whose last byte is no end is refused", () => {
    const bytes = assembleModule({ bodies: [[RETURN_NOTHING]] });
    expect(codesOf(bytes)).toEqual([]);
    expect(codesOf(bytes.with(bytes.length - 1, 0x01))).toEqual(["malformed"]);
  });

  test("a module without its types is told as forbidden, not only as damaged", () => {
    expect(codesOf(assembleModule({ types: [[0x4e, 0]] }))).toEqual(["gc", "malformed"]);
  });
});

test("the letters of a type tell numbers apart", () => {
  const bytes = assembleModule({
    types: [functionType([], []), functionType([I32, F64, I32, I32], [I32])],
    imports: [importOf("wasi_snapshot_preview1", "fd_write", [0, 1])],
  });
  expect(codesOf(bytes)).toEqual(["import_type"]);
  expect(codesOf(assembleModule({ types: [functionType([], []), functionType([V128], [])] }))).toEqual([]);
});
