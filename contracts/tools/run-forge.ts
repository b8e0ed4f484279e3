import { spawn } from "node:child_process";
import { join } from "node:path";
import { foundryBinary } from "./foundry-binary.mjs";

/** The folder that forge takes as its root: sources and packages keep the same names on every machine, and so the bytecode its bytes. */
export const REPOSITORY = join(import.meta.dirname, "../..");

/** Runs forge with this project's settings. Resolves with its exit code and everything it printed; `echo` shows that while it is printed. */
export function runForge(options: readonly string[], { env, echo = false }: { env?: Record<string, string>; echo?: boolean } = {}): Promise<ForgeRun> {
  const settings = { FOUNDRY_CONFIG: join(REPOSITORY, "contracts/foundry.toml"), FOUNDRY_DISABLE_NIGHTLY_WARNING: "1" };
  const child = spawn(foundryBinary("forge"), options, { cwd: REPOSITORY, env: { ...process.env, ...settings, ...env }, stdio: ["ignore", "pipe", "pipe"] });
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
