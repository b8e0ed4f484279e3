import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Toolchain } from "./find-toolchain.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const COPIED = ["package.json", "scripts/build-example.mjs"];

/**
 * Runs a tutorial's commands as a reader would, in the root of a checkout, and gives the program they wrote. The checkout is a copy that holds the
 * example and is thrown away. Fails with what the compiler said.
 */
export async function buildProgram(commands: string, { example, toolchain }: { example: string; toolchain: Extract<Toolchain, { found: true }> }) {
  const checkout = await mkdtemp(join(tmpdir(), "shoal-tutorial-"));
  try {
    for (const path of [...COPIED, `examples/${example}`]) {
      await cp(join(ROOT, path), join(checkout, path), { recursive: true, filter: (from) => !from.endsWith(`${example}.wasm`) });
    }
    await symlink(join(ROOT, "node_modules"), join(checkout, "node_modules"), "dir");
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, ...toolchain.env };
    await promisify(execFile)("sh", ["-e", "-c", toolchain.spell(commands)], { cwd: checkout, env });
    return new Uint8Array(await readFile(join(checkout, `examples/${example}/${example}.wasm`)));
  } finally {
    await rm(checkout, { recursive: true, force: true });
  }
}
