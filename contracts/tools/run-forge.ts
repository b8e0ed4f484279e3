import { spawn } from "node:child_process";
import { join } from "node:path";
import { foundryBinary } from "./foundry-binary.mjs";

/** The folder that forge takes as its root: sources and packages keep the same names on every machine, and so the bytecode its bytes. */
export const REPOSITORY = join(import.meta.dirname, "../..");

/** Where to run forge, the settings that differ from this project's, and whether to show what it prints while it is printed. */
export interface ForgeOptions {
  folder?: string;
  env?: Record<string, string>;
  echo?: boolean;
}

/** Runs forge with the settings of contracts/foundry.toml in the folder. Resolves with its exit code and everything it printed. */
export function runForge(args: readonly string[], { folder = REPOSITORY, env, echo = false }: ForgeOptions = {}): Promise<ForgeRun> {
  const settings = { FOUNDRY_CONFIG: join(folder, "contracts/foundry.toml") };
  const child = spawn(foundryBinary("forge"), args, { cwd: folder, env: { ...process.env, ...settings, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const [from, to] of [[child.stdout, process.stdout] as const, [child.stderr, process.stderr] as const]) {
    from.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (echo) to.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Error("forge did not start", { cause })));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

export interface ForgeRun {
  code: number;
  output: string;
}
