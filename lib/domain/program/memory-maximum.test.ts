import { expect, test } from "vitest";
import { assembleModule, exportOf, functionType, I32, u32 } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { inspectWasm } from "./inspect-wasm.ts";
import { withMemoryMaximum } from "./memory-maximum.ts";

/** A module whose `grow` grows its memory by so many pages; an engine answers -1 past the maximum. */
function growable(memory: number[]): Uint8Array {
  return assembleModule({
    types: [functionType([], []), functionType([I32], [I32])],
    functions: [[0], [1]],
    memories: [memory],
    exports: [exportOf("memory", 2, 0), exportOf("_start", 0, 0), exportOf("grow", 0, 1)],
    bodies: [[], [0x20, 0, 0x40, 0]],
  });
}

function growOf(bytes: Uint8Array<ArrayBuffer>): (pages: number) => number {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.grow as (pages: number) => number;
}

test.each([
  ["without a maximum", [0, 1], 300, 300],
  ["with a higher maximum", [1, 1, ...u32(65_536)], 300, 300],
  ["with a lower maximum of its own, which stays", [1, 1, 20], 300, 20],
  ["whose minimum is the limit", [0, 5], 5, 5],
])("a memory %s ends where it should", (_, memory, pagesMax, expected) => {
  const bytes = withMemoryMaximum(growable(memory), pagesMax);
  const minPages = memory[1] ?? 0;
  expect(inspectWasm(bytes, null).memory).toEqual({ minPages, maxPages: expected });
  const grow = growOf(bytes);
  expect(grow(expected - minPages + 1)).toBe(-1);
  expect(grow(expected - minPages)).toBe(minPages);
  expect(grow(1)).toBe(-1);
});

test("nothing else of a real program changes", async () => {
  const bytes = await readTestProgram("probe");
  const rewritten = withMemoryMaximum(bytes, 4096);
  expect(WebAssembly.validate(rewritten)).toBe(true);
  expect({ ...inspectWasm(rewritten, null), memory: null, sizeBytes: 0 }).toEqual({ ...inspectWasm(bytes, null), memory: null, sizeBytes: 0 });
  expect(withMemoryMaximum(rewritten, 4096)).toEqual(rewritten);
});

test("a module that no inspection accepted is refused", () => {
  expect(() => withMemoryMaximum(growable([0, 6]), 5)).toThrow("passed the inspection");
  expect(() => withMemoryMaximum(assembleModule({ memories: [] }), 5)).toThrow("passed the inspection");
});
