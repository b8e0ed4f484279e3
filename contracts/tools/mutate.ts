import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";
import { REPOSITORY, runForge } from "./run-forge.ts";

const COPIED = ["contracts/foundry.toml", "contracts/src", "contracts/demo", "contracts/test", "contracts/tools", "contracts/gas", "package.json"];
const SOURCES = ["JobEscrow", "RewardDistributor"] as const;
/** The compiler's memory holds about so many copies beside the tests. */
const PLANTED_AT_ONCE = 20;
/** A test that failed. A run that ends badly without one has proved nothing. */
const FAILED = /^\[FAIL/m;
/** The same behaviour compiled faster; a fault may leave something unused, and what is compared to the unit is no test of behaviour. */
const SETTINGS = { FOUNDRY_DENY: "never", FOUNDRY_OPTIMIZER: "false", FOUNDRY_FUZZ_RUNS: "32", FOUNDRY_INVARIANT_RUNS: "6" };

/**
 * Plants each fault alone into copies of both contracts, compiles some copies at once, and runs every test on each. Resolves with the faults that no
 * test noticed. Throws if the tests fail without a fault or a fault does not compile.
 */
export async function runMutants(mutants: readonly Mutant[], report: (line: string) => void): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "shoal-mutants-"));
  try {
    await Promise.all(COPIED.map((path) => cp(join(REPOSITORY, path), join(folder, path), { recursive: true })));
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    const unnoticed: string[] = [];
    for (let start = 0; start < mutants.length; start += PLANTED_AT_ONCE) {
      const group = mutants.slice(start, start + PLANTED_AT_ONCE);
      await Promise.all(group.map((mutant, index) => plant(folder, mutant, start + index)));
      const sound = await testIn(folder, "contracts/src");
      if (sound.code !== 0) throw new Error(`The tests do not pass without a fault:\n${sound.output}`);
      for (const [index, mutant] of group.entries()) {
        const { code, output } = await testIn(folder, pathOf(start + index));
        const isNoticed = code !== 0 && FAILED.test(output);
        report(`${start + index + 1}/${mutants.length} ${isNoticed ? "noticed" : "NOT NOTICED"}: ${nameOf(mutant)}`);
        if (!isNoticed) unnoticed.push(nameOf(mutant));
        await rm(join(folder, pathOf(start + index)), { recursive: true });
      }
    }
    return unnoticed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Both contracts, one of them with the fault, in a folder of their own: the escrow creates the distributor that lies beside it. */
async function plant(folder: string, { source, code, fault }: Mutant, index: number): Promise<void> {
  await mkdir(join(folder, pathOf(index)), { recursive: true });
  for (const name of SOURCES) {
    const text = await readFile(join(REPOSITORY, "contracts/src", `${name}.sol`), "utf8");
    await writeFile(join(folder, pathOf(index), `${name}.sol`), name === source ? text.replace(code, () => fault) : text);
  }
}

function testIn(folder: string, escrowFolder: string) {
  const env = { ...SETTINGS, SHOAL_TESTED_ESCROW: `${escrowFolder}/JobEscrow.sol:JobEscrow` };
  return runForge(["test", "--fail-fast", "--fuzz-seed", "1", "--no-match-contract", "GasTest"], { folder, env });
}

function pathOf(index: number): string {
  return `contracts/src/fault-${index + 1}`;
}

function nameOf({ source, code, fault }: Mutant): string {
  return `${source}: ${JSON.stringify(code)} → ${JSON.stringify(fault)}`;
}
