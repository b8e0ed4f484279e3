import { afterAll, beforeAll, expect, test } from "vitest";
import { listSources, makeTempProject } from "./temp-project.ts";

type Issue = { file: string } & Record<string, { name: string }[]>;

const PLANTED = {
  "lib/domain/planted-unused-file.ts": "export const nobody = 1;\n",
  "lib/domain/planted-unused-export.ts": "export const used = 1;\nexport const plantedUnused = 2;\n",
  "lib/domain/planted-user.test.ts": 'import "planted-unlisted";\nimport { used } from "./planted-unused-export.ts";\n\nconsole.log(used);\n',
};

let project: ReturnType<typeof makeTempProject>;
let code = 0;
let issues: Issue[] = [];
beforeAll(async () => {
  project = makeTempProject(listSources());
  project.write(PLANTED);
  const manifest = await import("../../package.json", { with: { type: "json" } });
  const { dependencies } = manifest.default;
  project.write({ "package.json": JSON.stringify({ ...manifest.default, dependencies: { ...dependencies, "planted-unused-package": "1.0.0" } }) });
  const ran = await project.run("knip", ["--reporter", "json"]);
  code = ran.code;
  issues = (JSON.parse(ran.stdout) as { issues: Issue[] }).issues;
});
afterAll(() => project.remove());

function namesOf(kind: string, file: string): string[] {
  return issues.filter((issue) => issue.file === file).flatMap((issue) => (issue[kind] ?? []).map((found) => found.name));
}

test("planted leftovers fail the step", () => {
  expect(code).not.toBe(0);
});

test("a file that nothing imports is reported", () => {
  expect(namesOf("files", "lib/domain/planted-unused-file.ts")).toHaveLength(1);
});

test("an export that nothing imports is reported, its used neighbour is not", () => {
  expect(namesOf("exports", "lib/domain/planted-unused-export.ts")).toEqual(["plantedUnused"]);
});

test("a package that nothing imports is reported", () => {
  expect(namesOf("dependencies", "package.json")).toContain("planted-unused-package");
});

test("an import of a package that package.json does not list is reported", () => {
  expect(namesOf("unlisted", "lib/domain/planted-user.test.ts")).toEqual(["planted-unlisted"]);
});
