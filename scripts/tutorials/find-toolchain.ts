import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A compiler on this machine: how a tutorial's commands are said to it, and what they need in the environment; or what to install. */
export type Toolchain = { found: true; spell: (command: string) => string; env: Record<string, string> } | { found: false; install: string };

const asWritten: Toolchain = { found: true, spell: (command) => command, env: {} };

/** Where a rustc may be, with what it calls the target: since Rust 1.78 it is wasm32-wasip1. */
const RUSTS = ["rustc", "/usr/bin/rustc"].flatMap((rustc) => ["wasm32-wasip1", "wasm32-wasi"].map((target) => ({ rustc, target })));

/** A compiler that is a package of this project. */
export function findPackaged(): Toolchain {
  return asWritten;
}

/** A Rust that has the standard library of the WASI target. */
export function findRust(): Toolchain {
  const rust = RUSTS.find(({ rustc, target }) => {
    const libraries = outputOf(rustc, ["--print", "target-libdir", "--target", target]);
    return libraries !== null && existsSync(libraries.trim());
  });
  if (!rust) return { found: false, install: "rustup target add wasm32-wasip1, or Debian's packages rustc, libstd-rust-dev-wasm32 and lld" };
  return { found: true, spell: (command) => command.replace("rustc ", `${rust.rustc} `).replace("wasm32-wasip1", rust.target), env: {} };
}

/** A Go that knows the target wasip1, as 1.21 and later do. */
export function findGo(): Toolchain {
  const targets = outputOf("go", ["tool", "dist", "list"])?.split("\n") ?? [];
  if (!targets.includes("wasip1/wasm")) return { found: false, install: "Go 1.21 or newer" };
  // Neither fetches another toolchain nor asks anybody about modules: the program has none.
  return { found: true, spell: (command) => command, env: { GOTOOLCHAIN: "local", GOPROXY: "off", GOFLAGS: "-mod=mod" } };
}

/** Any Zig; its releases bring every target along. */
export function findZig(): Toolchain {
  return outputOf("zig", ["version"]) === null ? { found: false, install: "Zig from ziglang.org/download" } : asWritten;
}

/** What a program prints, or null if it is not there or fails. */
function outputOf(program: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? stdout : null;
}
