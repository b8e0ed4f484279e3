import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const REPOSITORY = join(import.meta.dirname, "..");

test("the committed protein-search.wasm is what its source compiles to, byte for byte", { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "build-example-"));
  try {
    const output = join(folder, "protein-search.wasm");
    const script = join(REPOSITORY, "scripts", "build-example.mjs");
    execFileSync(process.execPath, [script, "protein-search", "--output", output], { cwd: folder, stdio: "pipe" });
    const committed = readFileSync(join(REPOSITORY, "examples", "protein-search", "protein-search.wasm"));
    expect(readFileSync(output).equals(committed)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
