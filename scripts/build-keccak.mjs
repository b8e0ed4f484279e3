// Compiles lib/hash/keccak/keccak.c and writes the bytes into keccak-wasm.ts beside it; the compiler is a pinned WebAssembly program, so they are the same on every machine.
//
//   node scripts/build-keccak.mjs [--output <file>]
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runClang } from "@yowasp/clang";

const FLAGS = [
  "-std=c17",
  "-O3",
  "-nostdlib",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wl,--no-entry",
  "-Wl,--strip-all",
  // One page for the stack and constants, three for the buffer.
  "-Wl,-z,stack-size=8192",
  "-Wl,--initial-memory=262144",
  "-Wl,--max-memory=262144",
];
const LINE_CHARACTERS = 140;

const FOLDER = join(import.meta.dirname, "../lib/hash/keccak");
const { values } = parseArgs({ options: { output: { type: "string" } } });
const sources = { "keccak.c": await readFile(join(FOLDER, "keccak.c"), "utf8") };
const built = await runClang(["clang", "--target=wasm32", ...FLAGS, "keccak.c", "-o", "keccak.wasm"], sources);
const base64 = Buffer.from(built["keccak.wasm"]).toString("base64");
const lines = base64.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, "g")) ?? [];
const text = `// Written by scripts/build-keccak.mjs from keccak.c; changes are made there.

/** The module of keccak.c in base64. */
export const KECCAK_WASM = [
${lines.map((line) => `  "${line}",`).join("\n")}
].join("");
`;
await writeFile(values.output ?? join(FOLDER, "keccak-wasm.ts"), text);
process.stdout.write(`${built["keccak.wasm"].length} bytes\n`);
