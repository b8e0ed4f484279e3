import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { ensureChromium } from "./ensure-chromium.ts";

/*
 * `npm test`: every check of the project in order of cost; the first that fails ends it. `--long` runs the same files at full size.
 * The programs come from node_modules/.bin, which the bootstrap puts on the PATH.
 */
type Step = { name: string; commands: string[][]; alone: string };

const STEPS: Step[] = [
  { name: "Biome", commands: [["biome", "check", "--error-on-warnings", "."]], alone: "npm run lint" },
  {
    name: "Types",
    commands: [
      ["next", "typegen"],
      ["tsc", "--noEmit"],
    ],
    alone: "npm run typecheck",
  },
  { name: "Knip", commands: [["knip"]], alone: "npm run knip" },
  { name: "Dependencies", commands: [["node", "scripts/audit-dependencies.ts"]], alone: "npm run audit:dependencies" },
  { name: "Contracts", commands: [["node", "contracts/tools/test-contracts.ts"]], alone: "npm run contracts:test" },
  { name: "Unit and database tests", commands: [["vitest", "run"]], alone: "npm run test:unit" },
  { name: "Build", commands: [["next", "build"]], alone: "npm run build" },
  { name: "Browser stories", commands: [["playwright", "test"]], alone: "npm run test:e2e" },
];

/** Every ordinary run checks the same cases; the long run looks at new ones, and its seed repeats them. */
const SEED_DEFAULT = "1";
const SEED_MAX = 2 ** 31;

let running: ChildProcess | null = null;

async function main(): Promise<void> {
  const isLong = process.argv.includes("--long");
  const seed = process.env.SHOAL_TEST_SEED ?? (isLong ? String(randomInt(SEED_MAX)) : SEED_DEFAULT);
  const startedMs = performance.now();
  console.log(`Seed ${seed}; the same cases again: SHOAL_TEST_SEED=${seed} npm run ${isLong ? "test:long" : "test"}`);
  const env = { ...process.env, SHOAL_TEST_SEED: seed, CHROMIUM_PATH: ensureChromium(), ...(isLong ? { SHOAL_TEST_LONG: "1" } : {}) };
  const times = [line("Chromium", startedMs)];
  for (const step of STEPS) {
    console.log(`\n── ${step.name}`);
    const stepStartedMs = performance.now();
    for (const command of step.commands) {
      const exit = await runCommand(command, env);
      if (exit !== 0) throw new Error(`${step.name} did not pass: ${command.join(" ")} ended with ${exit}. Run this step alone with: ${step.alone}`);
    }
    times.push(line(step.name, stepStartedMs));
    console.log(times.at(-1));
  }
  console.log(`\n${times.join("\n")}\n${line("Everything", startedMs)}`);
}

function line(name: string, sinceMs: number): string {
  return `${name.padEnd(24)} ${((performance.now() - sinceMs) / 1000).toFixed(1).padStart(7)} s`;
}

function runCommand(command: string[], env: NodeJS.ProcessEnv): Promise<number | string> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    running = spawn(program, args, { env, stdio: "inherit" });
    running.once("error", (error) => reject(new Error(`${program} did not start: ${error.message}`)));
    running.once("close", (code, signal) => resolve(code ?? signal ?? "no exit code"));
  });
}

// The running step ends first, so that it can stop its own servers; its end is then reported as the step's failure.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (running) running.kill(signal);
    else process.exit(1);
  });
}

try {
  await main();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
