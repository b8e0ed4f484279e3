import { MUTANTS } from "./mutants.ts";
import { runMutants } from "./mutate.ts";
import { runForge } from "./run-forge.ts";

/*
 * `npm run contracts:test`: compiles without a warning, runs every test of contracts/test, compares gas with contracts/gas, and lints.
 * `--gas` writes the gas of this run into contracts/gas instead. With SHOAL_TEST_LONG=1 fuzz and invariants run at full size,
 * and every fault of mutants.ts is planted in turn: a test must notice each.
 */
const SUMMARY = /(\d+) tests passed, (\d+) failed, (\d+) skipped \((\d+) total tests\)/;

async function main(): Promise<number> {
  const writesGas = process.argv.includes("--gas");
  const { SHOAL_TEST_LONG, SHOAL_TEST_SEED = "1" } = process.env;
  const env = {
    FOUNDRY_PROFILE: SHOAL_TEST_LONG === "1" ? "long" : "default",
    FORGE_SNAPSHOT_EMIT: String(writesGas),
    FORGE_SNAPSHOT_CHECK: String(!writesGas),
  };
  const tested = await runForge(["test", "--fuzz-seed", SHOAL_TEST_SEED], { env, echo: true });
  if (tested.code !== 0) return tested.code;
  // An exit code of 0 is also what forge gives when it found no test at all.
  const [, passed, failed, skipped] = SUMMARY.exec(tested.output) ?? [];
  if (passed === undefined || Number(passed) === 0 || failed !== "0" || skipped !== "0") {
    console.error("forge ended well without running every test: see its summary above.");
    return 1;
  }
  const linted = await runForge(["lint", "contracts/src", "contracts/demo"], { echo: true });
  return linted.code === 0 && SHOAL_TEST_LONG === "1" ? await noticeFaults() : linted.code;
}

async function noticeFaults(): Promise<number> {
  const unnoticed = await runMutants(MUTANTS, (line) => console.log(line));
  console.log(unnoticed.length === 0 ? "Every planted fault made a test fail." : `Not noticed:\n${unnoticed.join("\n")}`);
  return unnoticed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
