import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "@yowasp/clang";

const ATTEMPTS = join(import.meta.dirname, "..", "..", "workers", "sandbox", "attempts");
/** The module that the escape attempts run, as it is committed. */
export const HOSTILE_MODULE = join(ATTEMPTS, "hostile.wasm");

/** Compiles the hostile program from its source; the bytes depend on the source and the pinned compiler alone. */
export async function compileHostile(): Promise<Uint8Array> {
  const flags = ["--target=wasm32-wasip1", "-Os", "-Wall", "-Werror", "-Wl,--strip-all"];
  const result = await commands.clang([...flags, "hostile.c", "-o", "hostile.wasm"], { "hostile.c": readFileSync(join(ATTEMPTS, "hostile.c"), "utf8") });
  const module = result?.["hostile.wasm"];
  if (!(module instanceof Uint8Array)) throw new Error("The compiler wrote no module for hostile.c.");
  return module;
}

if (import.meta.main) writeFileSync(HOSTILE_MODULE, await compileHostile());
