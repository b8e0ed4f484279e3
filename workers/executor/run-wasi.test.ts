import { setFlagsFromString } from "node:v8";
import { beforeAll, describe, expect, test } from "vitest";
import { withMemoryMaximum } from "#lib/domain/program/memory-maximum.ts";
import { assembleModule, exportOf, functionType, I32, importOf, name } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram, TEST_PROGRAMS, type TestProgram } from "#lib/testing/programs/build-programs.ts";
import { describeEnd, PROBE_FILES, PROBE_INPUT, PROBE_MEMORY_BYTES_MAX, PROBE_SHARDS } from "#lib/testing/programs/probe-shards.ts";
import { type RunOutcome, type RunRequest, runWasi } from "./run-wasi.ts";

const modules = new Map<TestProgram, WebAssembly.Module>();

beforeAll(async () => {
  for (const program of TEST_PROGRAMS) {
    modules.set(program, new WebAssembly.Module(withMemoryMaximum(await readTestProgram(program), PROBE_MEMORY_BYTES_MAX / 65_536)));
  }
});

function run(program: TestProgram, args: readonly string[], changes: Partial<RunRequest> = {}): RunOutcome {
  const module = modules.get(program);
  if (module === undefined) throw new Error(`${program} is not compiled`);
  const limits = { ...PROBE_INPUT.limits, tmpBytesMax: PROBE_MEMORY_BYTES_MAX };
  return runWasi({ ...PROBE_INPUT, module, args, files: PROBE_FILES, limits, ...changes });
}

function textOf(outcome: RunOutcome): string {
  return outcome.status === "ok" ? new TextDecoder().decode(outcome.output) : `${outcome.status}`;
}

test.each(PROBE_SHARDS.map((shard) => [`${shard.program} ${shard.args.join(" ")}`, shard] as const))("%s ends as it must, twice alike", (_, shard) => {
  const [first, second] = [run(shard.program, shard.args), run(shard.program, shard.args)];
  expect(describeEnd(first)).toBe(shard.ends);
  expect({ ...second, durationMs: 0 }).toEqual({ ...first, durationMs: 0 });
});

describe("a program sees", () => {
  test("its arguments, a sorted environment, its files, its input and virtual time", () => {
    const text = textOf(run("probe", ["größe", "b c"]));
    expect(text).toContain("arg 0 [program]\narg 1 [größe]\narg 2 [b c]\nenv [SHOAL_SEED=42]\nenv [SHOAL_SHARD=3]\n");
    expect(text).toContain("realtime 1767225600.000001000\nmonotonic 0.000002000\nafter sleep 1767225603.000003500\n");
    expect(text).toContain("isatty 0 0 0\n");
    expect(text.indexOf("/data/atlas.bin")).toBeLessThan(text.indexOf("/data/table.txt"));
    expect(text.endsWith("first line\nsecond line\n")).toBe(true);
  });

  test("other random bytes under another seed, and nothing else that differs", () => {
    const lines = (seed: bigint) => textOf(run("probe", [], { seed })).split("\n");
    const [left, right] = [lines(1n), lines(2n)];
    expect(left.filter((line, index) => line !== right[index])).toHaveLength(1);
    expect(left.find((line, index) => line !== right[index])).toMatch(/^[0-9a-f]{80}$/);
  });

  test("an empty /tmp in every run, whatever the last one left there", () => {
    expect(textOf(run("misbehave", ["fill-tmp"]))).toBe(textOf(run("misbehave", ["fill-tmp"])));
    expect(textOf(run("misbehave", ["fill-tmp"]))).toContain("errno 51\nagain 1\n");
  });

  test("no more memory than its limit", () => {
    const outcome = run("misbehave", ["allocate"]);
    expect(textOf(outcome)).toBe("blocks 15\n");
    expect(outcome.memoryBytesPeak).toBeGreaterThan(15 * 1024 * 1024);
    expect(outcome.memoryBytesPeak).toBeLessThanOrEqual(PROBE_MEMORY_BYTES_MAX);
  });

  test("no file outside and no way to change what it shares", () => {
    expect(textOf(run("misbehave", ["escape"]))).not.toContain("opened");
    expect(textOf(run("misbehave", ["write-data"])).match(/opened/g)).toHaveLength(1);
    expect(new TextDecoder().decode(PROBE_FILES[0]?.bytes)).toBe("a shared table\n");
  });
});

test("a failed run tells what the program said about it, up to the limit", () => {
  expect(run("misbehave", ["exit", "7"])).toMatchObject({ status: "exit_code", exitCode: 7, stderr: "about to exit\n" });
  expect(run("misbehave", ["complain", "10000"]).stderr).toHaveLength(65_536);
  expect(run("misbehave", ["unreachable"]).stderr).toBe("about to unreachable\n");
});

describe("hand-made modules", () => {
  const compile = (bytes: Uint8Array<ArrayBuffer>): Partial<RunRequest> => ({ module: new WebAssembly.Module(bytes) });

  test("a memory that the machine cannot give is out_of_memory, not a vote", () => {
    const twoGiB = compile(assembleModule({ memories: [[0, 0x80, 0x80, 2]] }));
    setFlagsFromString("--wasm-max-mem-pages=100");
    try {
      expect(run("spin", [], twoGiB)).toMatchObject({ status: "out_of_memory", memoryBytesPeak: 0 });
    } finally {
      setFlagsFromString("--wasm-max-mem-pages=65536");
    }
    expect(run("spin", [], twoGiB).status).toBe("no_output");
  });

  test("a trap while the instance is made is the program's own", () => {
    const data = [0, 0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0b, 1, 0];
    expect(run("spin", [], compile(assembleModule({ data: [data] })))).toMatchObject({ status: "trap", trap: "out_of_bounds" });
  });

  test("proc_exit from anywhere ends the run with its code", () => {
    const exits = assembleModule({
      types: [functionType([], []), functionType([I32], [])],
      imports: [importOf("wasi_snapshot_preview1", "proc_exit", [0, 1])],
      exports: [exportOf("memory", 2, 0), exportOf("_start", 0, 1)],
      bodies: [[0x41, 0xaa, 0x03, 0x10, 0]],
    });
    expect(run("spin", [], compile(exits))).toMatchObject({ status: "exit_code", exitCode: 426 });
  });

  test("a module that asks for what the host lacks is a crash with its words, not an exception", () => {
    const foreign = assembleModule({ imports: [[name("env"), name("fetch"), [0, 0]]] });
    expect(run("spin", [], compile(foreign))).toMatchObject({ status: "crashed", message: expect.stringContaining("env") });
  });
});
