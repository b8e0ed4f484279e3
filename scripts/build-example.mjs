// Compiles examples/<name>/src/*.c into examples/<name>/<name>.wasm, the same bytes on every machine:
// the compiler is itself a pinned WebAssembly program and sees nothing of the machine but the sources.
//
//   node scripts/build-example.mjs <name> [--output <file>]
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runClang } from "@yowasp/clang";

const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

const FLAGS = [
  "-std=c17",
  "-O3",
  "-msimd128",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wl,--strip-all",
  // Room for any database a device would be asked to hold; a host may lower it to the job's own limit.
  "-Wl,--max-memory=268435456",
];

async function readSources(folder) {
  const names = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, index) => [name, files[index]]));
}

async function compile(name) {
  const sources = await readSources(join(REPOSITORY, "examples", name, "src"));
  const units = Object.keys(sources).filter((file) => file.endsWith(".c"));
  const command = ["clang", ...FLAGS, ...units, "-o", `${name}.wasm`];
  process.stderr.write(`${command.join(" ")}\n`);
  const built = await runClang(command, sources);
  return built[`${name}.wasm`];
}

const { values, positionals } = parseArgs({ options: { output: { type: "string" } }, allowPositionals: true });
const [name] = positionals;
if (positionals.length !== 1 || !/^[a-z0-9-]+$/.test(name)) {
  process.stderr.write("Usage: node scripts/build-example.mjs <name> [--output <file>]\n");
  process.exit(2);
}
const output = resolve(values.output ?? join(REPOSITORY, "examples", name, `${name}.wasm`));
const bytes = await compile(name);
await writeFile(output, bytes);
process.stdout.write(`${relative(process.cwd(), output)}: ${bytes.length} bytes\n`);
