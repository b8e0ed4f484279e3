import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assembleModule, exportOf, functionType, I32, u32 } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram, TEST_PROGRAMS } from "#lib/testing/programs/build-programs.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { inspectWasm } from "./inspect-wasm.ts";
import { PACED_EXPORTS, withYieldPoints } from "./paced-build.ts";
import { splitmix64 } from "./seed.ts";

const PROGRAMS = atSize(300, 5000);
const DEMO = join(import.meta.dirname, "../../../examples/protein-search/protein-search.wasm");

/** A function that a table takes, from one of JavaScript. */
function wasmFunction(call: () => void): unknown {
  const types = [functionType([], [])];
  const bytes = assembleModule({ types, functions: [], bodies: [], memories: [], exports: [exportOf("f", 0, 0)], imports: [[1, 109, 1, 102, 0, 0]] });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { f: call } }).exports.f;
}

/** Runs `f` with a counter of `ticks` turns; returns its result and how often it came by. */
function runPaced(bytes: Uint8Array<ArrayBuffer>, argument: number, ticks: number): { result: number; yields: number } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const counter = exports[PACED_EXPORTS.ticks] as WebAssembly.Global;
  let yields = 0;
  (exports[PACED_EXPORTS.yields] as WebAssembly.Table).set(
    0,
    wasmFunction(() => {
      yields += 1;
      counter.value = ticks;
    }),
  );
  counter.value = ticks;
  return { result: (exports.f as (x: number) => number)(argument), yields };
}

function runPlain(bytes: Uint8Array<ArrayBuffer>, argument: number): number {
  return (new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f as (x: number) => number)(argument);
}

type Random = (below: number) => number;

/** Random statements over four locals: arithmetic, branches, loops that end, loops that take and give values, calls, early ends of blocks. */
function statements(random: Random, depth: number): number[] {
  const local = () => random(4);
  const set = (): number[] => [0x20, local(), 0x41, random(64), [0x6a, 0x6b, 0x6c, 0x73][random(4)] as number, 0x21, local()];
  const counted = (body: number[], counter: number): number[] => [
    ...[0x41, 1 + random(5), 0x21, counter, 0x03, 0x40],
    ...body,
    ...[0x20, counter, 0x41, 1, 0x6b, 0x22, counter, 0x0d, 0, 0x0b],
  ];
  // Takes a number from the stack around it, counts it down to zero and gives another back: the type with index 1.
  const carrying = (counter: number): number[] => [
    ...[0x20, local(), 0x41, 7, 0x71, 0x21, counter, 0x20, local(), 0x03, 1],
    ...[0x41, 1 + random(60), 0x6a, 0x20, counter, 0x41, 1, 0x6b, 0x22, counter, 0x41, 0, 0x4a, 0x0d, 0, 0x0b, 0x21, local()],
  ];
  const kinds: (() => number[])[] = [
    set,
    set,
    () => [0x20, local(), 0x04, 0x40, ...block(random, depth), 0x05, ...block(random, depth), 0x0b],
    () => counted(block(random, depth), 4 + depth),
    () => carrying(4 + depth),
    () => [0x02, 0x40, ...block(random, depth), 0x20, local(), 0x0d, 0, ...set(), 0x0b],
    () => [0x20, local(), 0x10, 0, 0x21, local()],
  ];
  return (kinds[random(depth > 0 ? kinds.length : 2)] as () => number[])();
}

function block(random: Random, depth: number): number[] {
  return Array.from({ length: 1 + random(3) }, () => statements(random, depth - 1)).flat();
}

/** A module whose `f` runs random statements; with or without tables and globals of its own, so that what is added stands behind them or is the first. */
function randomModule(random: Random): Uint8Array<ArrayBuffer> {
  const locals = [1, 12, I32];
  const leaf = [0, 0x20, 0, 0x41, 31, 0x6c, 0x41, 7, 0x6a, 0x0b];
  const start = [0x20, 0, 0x21, 1, 0x20, 0, 0x41, 3, 0x6c, 0x21, 2];
  const sum = [0x20, 0, 0x20, 1, 0x6a, 0x20, 2, 0x73, 0x20, 3, 0x6a, 0x0b];
  const whole = [...locals, ...start, ...block(random, 4), ...sum];
  return assembleModule({
    types: [functionType([], []), functionType([I32], [I32])],
    functions: [[1], [1]],
    tables: random(2) === 0 ? [] : [[0x70, 0, 1]],
    globals: random(2) === 0 ? [] : [[I32, 1, 0x41, 5, 0x0b]],
    exports: [exportOf("f", 0, 1)],
    bodies: [],
    tail: codeSection([leaf, whole]),
  });
}

function codeSection(bodies: number[][]): number[] {
  const content = [...u32(bodies.length), ...bodies.flatMap((body) => [...u32(body.length), ...body])];
  return [10, ...u32(content.length), ...content];
}

test("random programs compute the same with yield points, however often they come by", () => {
  let position = 0n;
  const random: Random = (below) => Number(splitmix64(BigInt(TEST_SEED), position++) % BigInt(below));
  const seen = { withLoops: 0, yields: 0 };
  for (let round = 0; round < PROGRAMS; round += 1) {
    const plain = randomModule(random);
    expect(WebAssembly.validate(plain)).toBe(true);
    const paced = withYieldPoints(plain);
    if (!paced) continue;
    seen.withLoops += 1;
    expect(WebAssembly.validate(paced.bytes)).toBe(true);
    for (const ticks of [1, 3, 1000]) {
      const argument = random(1000);
      const { result, yields } = runPaced(paced.bytes, argument, ticks);
      expect(result).toBe(runPlain(plain, argument));
      seen.yields += yields;
    }
  }
  expect(seen.withLoops).toBeGreaterThan(PROGRAMS / 3);
  expect(seen.yields).toBeGreaterThan(PROGRAMS);
});

test("real programs stay what they are, with a few percent more bytes", async () => {
  for (const bytes of [...(await Promise.all(TEST_PROGRAMS.map(readTestProgram))), new Uint8Array(await readFile(DEMO))]) {
    const paced = withYieldPoints(bytes);
    expect(paced?.loops).toBeGreaterThan(0);
    const built = paced?.bytes ?? new Uint8Array();
    expect(WebAssembly.validate(built)).toBe(true);
    expect(built.length / bytes.length).toBeLessThan(1.15);
    const { imports, memory, problems } = inspectWasm(bytes, null);
    expect(inspectWasm(built, null)).toMatchObject({ imports, memory, problems });
    expect(withYieldPoints(built)).toBeNull();
  }
});

test("a program without a loop, and one that runs before the host can enter, have no paced build", () => {
  const loop = [0x03, 0x40, 0x0b];
  const parts = { exports: [exportOf("memory", 2, 0), exportOf("_start", 0, 0)] };
  expect(withYieldPoints(assembleModule({ ...parts, bodies: [[0x01]] }))).toBeNull();
  expect(withYieldPoints(assembleModule({ ...parts, bodies: [loop] }))?.loops).toBe(1);
  const startsItself = assembleModule({ ...parts, bodies: [], tail: [8, 1, 0, ...codeSection([[0, ...loop, 0x0b]])] });
  expect(WebAssembly.validate(startsItself)).toBe(true);
  expect(withYieldPoints(startsItself)).toBeNull();
});
