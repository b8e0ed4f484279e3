import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const REPOSITORY = join(import.meta.dirname, "..");

test.each(["protein-search", "power-grid", "percolation", "outbreak"])(
  "the committed %s.wasm is what its source compiles to, byte for byte",
  { timeout: 180_000 },
  (example) => {
    const folder = mkdtempSync(join(tmpdir(), "build-example-"));
    try {
      const output = join(folder, `${example}.wasm`);
      const script = join(REPOSITORY, "scripts", "build-example.mjs");
      // The compiler is a large module that runs for seconds: compiling it well takes longer than running it.
      execFileSync(process.execPath, ["--liftoff-only", script, example, "--output", output], { cwd: folder, stdio: "pipe" });
      const committed = readFileSync(join(REPOSITORY, "examples", example, `${example}.wasm`));
      expect(readFileSync(output).equals(committed)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
