import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { WASI } from "node:wasi";

/** The committed program. */
export const PROGRAM = new WebAssembly.Module(readFileSync(join(import.meta.dirname, "protein-search.wasm")));

export type ProgramRun = { exitCode: number; stdout: string; stderr: string };

/** Runs the committed program under Node's own WASI host: `queries` on stdin, the folder of `databasePath` as `/data`. */
export function runProteinSearch(queries: string, databasePath: string, options: string[] = []): ProgramRun {
  return runProgram(queries, dirname(databasePath), ["--database", `/data/${basename(databasePath)}`, ...options]);
}

/** The same with every argument chosen by the caller and `dataFolder` as `/data`. */
export function runProgram(stdin: string, dataFolder: string, args: string[]): ProgramRun {
  const folder = mkdtempSync(join(tmpdir(), "protein-search-"));
  const path = (name: string) => join(folder, name);
  writeFileSync(path("stdin"), stdin);
  const files = {
    stdin: openSync(path("stdin"), "r"),
    stdout: openSync(path("stdout"), "w"),
    stderr: openSync(path("stderr"), "w"),
  };
  try {
    const wasi = new WASI({
      version: "preview1",
      args: ["protein-search", ...args],
      preopens: { "/data": dataFolder },
      ...files,
    });
    const instance = new WebAssembly.Instance(PROGRAM, { wasi_snapshot_preview1: wasi.wasiImport });
    const exitCode = wasi.start(instance);
    return { exitCode, stdout: readFileSync(path("stdout"), "utf8"), stderr: readFileSync(path("stderr"), "utf8") };
  } finally {
    for (const file of Object.values(files)) closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
