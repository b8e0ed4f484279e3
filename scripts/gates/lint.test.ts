import { readFileSync } from "node:fs";
import { matchesGlob, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLEAN_FILES, PLANTED_FAULTS, PLANTED_FLOORS } from "./planted-violations.ts";
import { makeTempProject } from "./temp-project.ts";

type Finding = { category: string; severity: string; location: { path: string } };
type Rules = Record<string, Record<string, unknown> | string>;
type BiomeConfig = { linter: { rules: Rules }; overrides: { includes: string[]; linter: { rules: Rules } }[] };

const config = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../biome.json"), "utf8")) as BiomeConfig;
const planted = [...PLANTED_FLOORS, ...PLANTED_FAULTS];
const project = makeTempProject(["biome.json", "package.json", "tsconfig.json", ".gitignore"]);
let code = 0;
const findings = new Map<string, Finding[]>();

beforeAll(async () => {
  for (const { files } of planted) project.write(files);
  project.write(CLEAN_FILES);
  const ran = await project.run("biome", ["lint", "--error-on-warnings", "--reporter=json", "--max-diagnostics=none", "."]);
  code = ran.code;
  const { diagnostics } = JSON.parse(ran.stdout) as { diagnostics: Finding[] };
  for (const finding of diagnostics) findings.set(finding.location.path, [...(findings.get(finding.location.path) ?? []), finding]);
});
afterAll(() => project.remove());

test("planted violations fail the lint step", () => {
  expect(code).not.toBe(0);
});

describe.each([
  ["floors", PLANTED_FLOORS],
  ["faults", PLANTED_FAULTS],
])("%s", (_name, violations) => {
  test.each(violations)("$what: reported by $rule", ({ rule, files }) => {
    for (const path of Object.keys(files)) {
      const errors = (findings.get(path) ?? []).filter((finding) => finding.severity === "error").map((finding) => finding.category);
      expect(errors, path).toContain(`lint/${rule}`);
    }
  });
});

test.each(Object.keys(CLEAN_FILES))("%s is allowed", (path) => {
  expect(findings.get(path) ?? []).toEqual([]);
});

test("every rule that biome.json turns on has a planted violation", () => {
  const rules = Object.entries(config.linter.rules).flatMap(([group, inside]) =>
    typeof inside === "string" ? [] : Object.keys(inside).map((rule) => `${group}/${rule}`),
  );
  expect(rules.filter((rule) => !planted.some((violation) => violation.rule === rule))).toEqual([]);
});

test("every floor that biome.json guards has a planted violation", () => {
  const guarded = config.overrides.filter(({ linter }) => typeof (linter.rules.style as Record<string, unknown> | undefined)?.noRestrictedImports === "object");
  const unproven = guarded
    .flatMap(({ includes }) => includes)
    .filter((glob) => !PLANTED_FLOORS.some(({ files }) => Object.keys(files).some((path) => matchesGlob(path, glob))));
  expect(guarded.length).toBeGreaterThan(5);
  expect(unproven).toEqual([]);
});
