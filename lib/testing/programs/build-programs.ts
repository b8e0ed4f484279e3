import { readFile, writeFile } from "node:fs/promises";
import { commands } from "@yowasp/clang";

/** The small programs that tests and benches run; each is one C file beside this one. */
export const TEST_PROGRAMS = ["probe", "misbehave", "spin", "shout", "factor", "check-factors", "chain"] as const;
export type TestProgram = (typeof TEST_PROGRAMS)[number];

const FLAGS = ["--target=wasm32-wasip1", "-O2", "-Wall", "-Werror", "-Wl,--strip-all"];

function fileOf(program: TestProgram, extension: "c" | "wasm"): URL {
  return new URL(`./${program}.${extension}`, import.meta.url);
}

/** The committed module of a test program. */
export async function readTestProgram(program: TestProgram): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(fileOf(program, "wasm")));
}

/** Compiles a test program from its source; the bytes depend on the source and the pinned compiler alone. */
export async function compileTestProgram(program: TestProgram): Promise<Uint8Array> {
  const source = `${program}.c`;
  const result = await commands.clang([...FLAGS, source, "-o", "program.wasm"], { [source]: await readFile(fileOf(program, "c"), "utf8") });
  const module = result?.["program.wasm"];
  if (!(module instanceof Uint8Array)) throw new Error(`The compiler wrote no module for ${source}.`);
  return module;
}

if (import.meta.main) {
  for (const program of TEST_PROGRAMS) await writeFile(fileOf(program, "wasm"), await compileTestProgram(program));
}
