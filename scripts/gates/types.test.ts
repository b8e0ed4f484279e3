import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTempProject } from "./temp-project.ts";

/** Each planted fault with the code of the error that must name it. */
const PLANTED: Readonly<Record<string, { code: number; text: string }>> = {
  "lib/planted/mismatch.ts": { code: 2322, text: 'export const v: number = "x";\n' },
  "lib/planted/unchecked-index.ts": { code: 2532, text: "export const v = (list: string[]): number => list[0].length;\n" },
  "lib/planted/explicit-undefined.ts": { code: 2375, text: "export const v: { a?: number } = { a: undefined };\n" },
  "lib/planted/enum.ts": { code: 1294, text: "export enum Kind {\n  A = 1,\n}\n" },
  "lib/planted/parameter-property.ts": { code: 1294, text: "export class A {\n  constructor(readonly b: number) {}\n}\n" },
  "lib/planted/fall-through.ts": {
    code: 7029,
    text: "export function run(v: number): number {\n  let sum = 0;\n  switch (v) {\n    case 1:\n      sum += 1;\n    default:\n      sum += 2;\n  }\n  return sum;\n}\n",
  },
  "lib/planted/no-return.ts": { code: 7030, text: "export function run(v: number) {\n  if (v > 1) return 1;\n}\n" },
  "lib/planted/override.ts": {
    code: 4114,
    text: "class A {\n  run(): number {\n    return 1;\n  }\n}\nexport class B extends A {\n  run(): number {\n    return 2;\n  }\n}\n",
  },
  "lib/planted/type-import.ts": { code: 1484, text: 'import { T } from "./clean.ts";\nexport const v: T = 1;\n' },
  "lib/planted/missing-module.tsx": { code: 2307, text: 'import "./nowhere.ts";\nexport { v } from "./nowhere.ts";\n' },
};
const CLEAN = "lib/planted/clean.ts";

const project = makeTempProject(["tsconfig.json", "package.json"]);
let code = 0;
let said: string[] = [];
beforeAll(async () => {
  for (const [path, { text }] of Object.entries(PLANTED)) project.write({ [path]: text });
  project.write({ [CLEAN]: "export type T = number;\nexport const last = (list: readonly string[]): string | undefined => list.at(-1);\n" });
  const ran = await project.run("tsc", ["--noEmit", "--incremental", "false", "--pretty", "false"]);
  code = ran.code;
  said = ran.stdout.split("\n");
});
afterAll(() => project.remove());

test("planted type errors fail the type check", () => {
  expect(code).not.toBe(0);
});

test.each(Object.entries(PLANTED).map(([path, planted]) => ({ path, error: `TS${planted.code}` })))("$path: reported as $error", ({ path, error }) => {
  expect(said.filter((line) => line.startsWith(`${path}(`)).join("\n")).toContain(`error ${error}:`);
});

test("a right file is not reported", () => {
  expect(said.filter((line) => line.startsWith(CLEAN))).toEqual([]);
});
