import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY, runForge } from "./run-forge.ts";

/*
 * `npm run contracts:build`: compiles the contracts and writes what the app needs of them into contracts/generated, typed ABI and bytecode, so
 * that nobody needs the compiler to talk to a chain. With --check it writes nothing and fails if a file is not what the sources compile to.
 */
const CONTRACTS = [
  { source: "JobEscrow", file: "job-escrow", value: "jobEscrow", isDeployed: true },
  // The escrow creates its distributor.
  { source: "RewardDistributor", file: "reward-distributor", value: "rewardDistributor", isDeployed: false },
  { source: "DemoDollar", file: "demo-dollar", value: "demoDollar", isDeployed: true },
] as const;

interface Artifact {
  abi: readonly { type: string; name?: string }[];
  bytecode: { object: string };
}

async function main(): Promise<number> {
  const isCheck = process.argv.includes("--check");
  const built = await runForge(["build", "contracts/src", "contracts/demo"], { echo: true });
  if (built.code !== 0) return built.code;
  const stale: string[] = [];
  for (const contract of CONTRACTS) {
    const path = `contracts/generated/${contract.file}.ts`;
    const text = await moduleOf(contract);
    const present = await readFile(join(REPOSITORY, path), "utf8").catch(() => "");
    if (present === text) continue;
    if (isCheck) stale.push(path);
    else await writeFile(join(REPOSITORY, path), text);
  }
  if (stale.length > 0) console.error(`Not what the contracts compile to: ${stale.join(", ")}. Run npm run contracts:build and commit what it writes.`);
  return stale.length > 0 ? 1 : 0;
}

/** One module: the ABI with its literal types, one entry a line, and for what is deployed by itself the code that creates it. */
async function moduleOf({ source, value, isDeployed }: (typeof CONTRACTS)[number]): Promise<string> {
  const path = join(REPOSITORY, ".local/contracts/out", `${source}.sol`, `${source}.json`);
  const { abi, bytecode } = JSON.parse(await readFile(path, "utf8")) as Artifact;
  const entries = abi.map((entry) => `  ${JSON.stringify(entry)},`).join("\n");
  const creation = `
/** The code that creates ${source}; its constructor's arguments follow it. */
export const ${value}Bytecode = "${bytecode.object}";
`;
  return `// Written by npm run contracts:build from contracts/; changes are made there.

/** The interface of ${source}.sol. */
export const ${value}Abi = [
${entries}
] as const;
${isDeployed ? creation : ""}`;
}

process.exitCode = await main();
