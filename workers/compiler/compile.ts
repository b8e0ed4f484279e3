import asc from "assemblyscript/asc";
import type { CompileAnswer, Diagnostic } from "./compiler-contract.ts";
import { HELPERS_NAME, HELPERS_SOURCE } from "./helpers.ts";

const SOURCE_NAME = "program.ts";
const OUTPUT_NAME = "program.wasm";
/** A command of WASI, whose failed checks are traps: no device offers the host function that AssemblyScript would call. */
const OPTIONS = [SOURCE_NAME, "-O3", "--use", "abort=", "--exportStart", "_start", "--outFile", OUTPUT_NAME];

/** Compiles AssemblyScript into a WASI command. The source sees the helpers as `./shoal` and no other file. */
export async function compile(source: string): Promise<Pick<CompileAnswer, "program" | "diagnostics">> {
  const files = new Map([
    [SOURCE_NAME, source],
    [HELPERS_NAME, HELPERS_SOURCE],
  ]);
  const diagnostics: Diagnostic[] = [];
  let program: Uint8Array<ArrayBuffer> | null = null;
  const { error, stderr } = await asc.main(OPTIONS, {
    readFile: (name) => files.get(name) ?? null,
    writeFile: (name, contents) => {
      if (name === OUTPUT_NAME && typeof contents !== "string") program = new Uint8Array(contents);
    },
    listFiles: () => [],
    reportDiagnostic: (found) => diagnostics.push(toDiagnostic(found as Found, files)),
  });
  if (error && !diagnostics.some(({ severity }) => severity === "error")) diagnostics.push(nowhere(stderr.toString() || error.message));
  return { program: error ? null : program, diagnostics };
}

/** As much of a message of the compiler as is told; its own types are those of the language it compiles. Offsets count UTF-16 units. */
type Found = { category: number; message: string; range: { start: number; end: number; source: { normalizedPath: string } } | null };
const SEVERITIES = ["info", "info", "warning", "error"] as const;

function toDiagnostic({ category, message, range }: Found, files: ReadonlyMap<string, string>): Diagnostic {
  const severity = SEVERITIES[category] ?? "error";
  const path = range?.source.normalizedPath ?? "";
  const text = files.get(path);
  if (!range || text === undefined) return { ...nowhere(message), severity };
  const [begin, end] = [placeOf(text, range.start), placeOf(text, range.end)];
  if (path !== SOURCE_NAME) return { ...nowhere(`${path} ${begin.line}:${begin.column} ${message}`), severity };
  return { severity, message, ...begin, endLine: end.line, endColumn: end.column };
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

function nowhere(message: string): Diagnostic {
  return { severity: "error", message, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
