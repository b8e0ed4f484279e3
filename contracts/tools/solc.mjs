#!/usr/bin/env node
// The compiler that forge starts: the pinned soljson of npm behind the two calls of solc that forge makes, `--version` and `--standard-json`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const solc = createRequire(import.meta.url)("solc");
const options = process.argv.slice(2);

if (options.includes("--version")) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (options.includes("--standard-json")) {
  const roots = options.flatMap((option, index) => (["--base-path", "--include-path"].includes(option) ? [options[index + 1] ?? "."] : []));
  const output = solc.compile(readFileSync(0, "utf8"), { import: (path) => findSource(path, roots) });
  process.stdout.write(output);
} else {
  process.stderr.write("This compiler answers --version and --standard-json only.\n");
  process.exitCode = 2;
}

function findSource(path, roots) {
  for (const root of roots.length > 0 ? roots : ["."]) {
    try {
      return { contents: readFileSync(resolve(root, path), "utf8") };
    } catch {
      // The next root may have it.
    }
  }
  return { error: `${path} was not found` };
}
