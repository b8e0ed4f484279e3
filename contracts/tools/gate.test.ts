import { afterAll, describe, expect, test } from "vitest";
import { makeTempProject, type TempProject } from "../../scripts/gates/temp-project.ts";

const PROBE = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\n";
const SOUND = `${PROBE}contract Probe {\n    function one() external pure returns (uint256) {\n        return 1;\n    }\n}\n`;
const DEMO = `${PROBE}contract Demo {}\n`;
const testOf = (body: string): string => `${PROBE}contract ProbeTest {\n    function test_Probe() external pure {\n        ${body}\n    }\n}\n`;

const projects: TempProject[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
});

/** A project with these tools and settings, and one contract of its own. */
function probe(files: Readonly<Record<string, string>>): TempProject {
  const project = makeTempProject(["contracts/foundry.toml", "contracts/tools", "package.json"]);
  projects.push(project);
  project.write({ "contracts/src/Probe.sol": SOUND, "contracts/demo/Demo.sol": DEMO, ...files });
  return project;
}

describe("the gate of the contracts", { timeout: 120_000 }, () => {
  test("lets a passing test through", async () => {
    const project = probe({ "contracts/test/Probe.t.sol": testOf("assert(true);") });
    const ran = await project.run("node", ["contracts/tools/test-contracts.ts"]);
    expect(ran.stdout + ran.stderr).toContain("1 tests passed");
    expect(ran.code).toBe(0);
  });

  test.each([
    ["a failing test", { "contracts/test/Probe.t.sol": testOf("assert(false);") }, "1 failed"],
    ["a test that does not compile", { "contracts/test/Probe.t.sol": testOf("uint256 sum = true;") }, "Compiler run failed"],
    ["a warning of the compiler", { "contracts/test/Probe.t.sol": testOf("uint256 unused = 1;") }, "Compiler run failed"],
    ["no test at all", {}, "without running every test"],
    [
      "a finding of the linter",
      {
        "contracts/test/Probe.t.sol": testOf("assert(true);"),
        "contracts/src/Probe.sol": SOUND.replace(
          "one() external pure returns (uint256) {\n        return 1;",
          "one(uint256 sum) external pure returns (uint8) {\n        return uint8(sum);",
        ),
      },
      "unsafe-typecast",
    ],
  ])("stops %s", async (_fault, files, said) => {
    const ran = await probe(files).run("node", ["contracts/tools/test-contracts.ts"]);
    expect(ran.stdout + ran.stderr).toContain(said);
    expect(ran.code).not.toBe(0);
  });

  test("foundry.mjs keeps the exit code of a failing test, and refuses other programs", async () => {
    const project = probe({ "contracts/test/Probe.t.sol": testOf("assert(false);") });
    expect((await project.run("node", ["contracts/tools/foundry.mjs", "forge", "test"])).code).toBe(1);
    expect((await project.run("node", ["contracts/tools/foundry.mjs", "forge", "--version"])).code).toBe(0);
    expect((await project.run("node", ["contracts/tools/foundry.mjs", "sh"])).code).toBe(2);
  });
});

describe("contracts/generated", { timeout: 120_000 }, () => {
  test("is what the sources compile to, in whatever folder they lie", async () => {
    const project = makeTempProject(["contracts", "package.json"]);
    projects.push(project);
    const current = await project.run("node", ["contracts/tools/generate.ts", "--check"]);
    expect(current.stderr).toBe("");
    expect(current.code).toBe(0);
    project.write({ "contracts/generated/demo-dollar.ts": "stale\n" });
    const stale = await project.run("node", ["contracts/tools/generate.ts", "--check"]);
    expect(stale.stderr).toContain("contracts/generated/demo-dollar.ts");
    expect(stale.code).toBe(1);
  });
});
