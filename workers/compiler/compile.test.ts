import { expect, test } from "vitest";
import { inspectWasm } from "../../lib/domain/program/inspect-wasm.ts";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { runJobFile } from "../../scripts/tutorials/run-job-file.ts";
import { compile } from "./compile.ts";

async function run(source: string, args: string[] = []): Promise<string> {
  const { program, diagnostics } = await compile(source);
  expect(diagnostics).toEqual([]);
  if (!program) throw new Error("no program");
  const job = jobFile.parse({
    version: 1,
    name: "Compiled",
    program: { runtime: "wasi", artifact: { path: "program.wasm" }, args },
    input: { path: "package.json" },
    slicing: { mode: "lines", linesPerShard: 10_000 },
  });
  return await runJobFile(job, { folder: `${import.meta.dirname}/../..`, program });
}

test("a program that reads its input and arguments and writes its output runs on a device's executor", { timeout: 60_000 }, async () => {
  const source = `import { readInput, readArguments, writeOutput, log } from "./shoal";
const first = readInput().split("\\n")[1];
log("read");
writeOutput(first + "|" + readArguments().join("+") + " ü\\n");`;
  expect(await run(source, ["a", "b ü"])).toBe('  "name": "shoal",|a+b ü ü\n');
});

test("what it compiles is a program that an instance takes", async () => {
  const { program } = await compile('import { writeOutput } from "./shoal";\nwriteOutput("x");');
  expect(inspectWasm(program ?? new Uint8Array(), null).problems).toEqual([]);
});

test("errors name their place, and there is no program", async () => {
  const { program, diagnostics } = await compile("const a: i32 = 1;\nconst b = a +\n  nothing;\n");
  expect(program).toBeNull();
  expect(diagnostics).toContainEqual({ severity: "error", message: "Cannot find name 'nothing'.", line: 3, column: 3, endLine: 3, endColumn: 10 });
});

test.each(["./other", "../../package.json", "assemblyscript"])("a source cannot import %s", async (path) => {
  const { program, diagnostics } = await compile(`import { x } from "${path}";\nx();`);
  expect([program, diagnostics.some(({ severity }) => severity === "error")]).toEqual([null, true]);
});

test("an abort in the program is a trap of the shard", async () => {
  await expect(run('import { readInput } from "./shoal";\nassert(readInput().length == 0);')).rejects.toThrow("trap");
});

test("fail() ends the shard with its reason in the log", async () => {
  await expect(run('import { fail } from "./shoal";\nfail("not a table");')).rejects.toThrow("not a table");
});
