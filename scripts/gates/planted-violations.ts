/** A violation of one rule: the file must be reported under exactly this rule. */
export type Planted = { what: string; rule: string; files: Readonly<Record<string, string>> };

const FLOORS = "style/noRestrictedImports";
const importing = (specifier: string): string => `import "${specifier}";\n`;
const floor = (path: string, specifier: string): Planted => ({ what: `${path} imports ${specifier}`, rule: FLOORS, files: { [path]: importing(specifier) } });
const file = (what: string, rule: string, path: string, text: string): Planted => ({ what, rule, files: { [path]: text } });

/** A module with this many lines. */
function moduleOf(lines: number): string {
  return Array.from({ length: lines }, (_, i) => `export const v${i} = ${i};`).join("\n");
}

/** A function with this many lines inside its braces, which is how Biome counts. */
function functionOf(lines: number): string {
  const body = Array.from({ length: lines - 1 }, (_, i) => `  sum += ${i};`).join("\n");
  return `export function long(sum: number): number {\n${body}\n  return sum;\n}\n`;
}

/** A function of cognitive complexity n(n + 1)/2: so many conditions inside one another. */
function nestedOf(depth: number): string {
  const open = Array.from({ length: depth }, (_, i) => `if (v > ${i}) {`).join("\n");
  return `export function nested(v: number): number {\n${open}\nreturn 1;\n${"}\n".repeat(depth)}return 0;\n}\n`;
}

const FLOATING = "async function later(): Promise<number> {\n  return await Promise.resolve(1);\n}\nexport function run(): void {\n  later();\n}\n";

export const PLANTED_FLOORS: readonly Planted[] = [
  floor("lib/domain/planted/server.ts", "#lib/server/db/client.ts"),
  floor("lib/domain/planted/protocol.ts", "#lib/protocol/errors.ts"),
  floor("lib/domain/planted/hash.ts", "#lib/hash/sha256.ts"),
  floor("lib/domain/planted/zod.ts", "zod"),
  floor("lib/domain/planted/node.ts", "node:crypto"),
  floor("lib/domain/planted/drizzle.ts", "drizzle-orm"),
  floor("lib/domain/planted/react.ts", "react"),
  floor("lib/hash/planted-domain.ts", "#lib/domain/ids.ts"),
  floor("lib/hash/planted-node.ts", "node:crypto"),
  floor("lib/wgsl/planted-server.ts", "#lib/server/context.ts"),
  floor("lib/protocol/planted/server.ts", "#lib/server/context.ts"),
  floor("lib/protocol/planted/client.ts", "#lib/client/api/api.ts"),
  floor("lib/protocol/planted/node.ts", "node:fs"),
  floor("lib/server/planted/client.ts", "#lib/client/api/api.ts"),
  floor("lib/server/planted/workers.ts", "#workers/executor/run-wasi.ts"),
  floor("lib/server/planted/app.ts", "#app/layout.tsx"),
  floor("lib/client/planted/server.ts", "#lib/server/services.ts"),
  floor("lib/client/planted/pg.ts", "pg"),
  floor("lib/ui/planted-server.tsx", "#lib/server/services.ts"),
  floor("workers/executor/planted-protocol.ts", "#lib/protocol/errors.ts"),
  floor("workers/executor/planted-server.ts", "#lib/server/context.ts"),
  floor("workers/executor/planted-volunteer.ts", "#workers/volunteer/engine.ts"),
  floor("workers/push/planted/client.ts", "#lib/client/api/api.ts"),
  floor("workers/push/planted/react.ts", "#lib/text/react/words-provider.tsx"),
  floor("workers/sandbox/planted-client.ts", "#lib/client/api/api.ts"),
  floor("workers/sandbox/planted-volunteer.ts", "#workers/volunteer/engine.ts"),
  floor("workers/volunteer/planted-server.ts", "#lib/server/context.ts"),
  floor("workers/volunteer/planted-queries.ts", "#lib/client/queries/query-client.ts"),
  floor("workers/volunteer/planted-react.ts", "react"),
  floor("cli/planted-server.ts", "#lib/server/services.ts"),
  floor("sdk/planted-server.ts", "#lib/server/services.ts"),
  floor("sdk/planted-node.ts", "node:fs"),
  floor("sdk/planted-workers.ts", "#workers/executor/executor.ts"),
  floor("sdk/planted-queries.ts", "#lib/client/queries/query-client.ts"),
  floor("app/planted/store.ts", "#lib/server/jobs/job-store.ts"),
  floor("app/planted/database.ts", "#lib/server/db/client.ts"),
  floor("app/planted/drizzle.ts", "drizzle-orm"),
  file("app uses an effect", FLOORS, "app/planted/effect.tsx", 'import { useEffect } from "react";\nexport const effect = useEffect;\n'),
  floor("app/planted/english.tsx", "#lib/text/en.ts"),
  floor("app/planted/german.tsx", "#lib/text/de/jobs.ts"),
  floor("lib/client/planted/english.ts", "#lib/text/en/errors.ts"),
  floor("lib/ui/planted-german.tsx", "#lib/text/de.ts"),
  file(
    "a component takes a whole catalogue",
    FLOORS,
    "lib/ui/planted-catalogue.ts",
    'import { CATALOGUES } from "#lib/text/catalogue.ts";\nexport const all = CATALOGUES;\n',
  ),
  file(
    "a page takes a whole catalogue",
    FLOORS,
    "app/planted/catalogue.ts",
    'import { CATALOGUES } from "#lib/text/catalogue.ts";\nexport const all = CATALOGUES;\n',
  ),
  // Forms of import that a rule can miss.
  file("a type is imported upwards", FLOORS, "lib/domain/planted/type.ts", 'import type { Db } from "#lib/server/db/client.ts";\nexport type Other = Db;\n'),
  file(
    "an import waits until it runs",
    FLOORS,
    "lib/domain/planted/dynamic.ts",
    'export const load = async (): Promise<unknown> => await import("#lib/server/context.ts");\n',
  ),
  file("an export comes from above", FLOORS, "lib/domain/planted/exported.ts", 'export { openDatabase } from "#lib/server/db/client.ts";\n'),
  // Files beside tests that are no tests.
  floor("lib/domain/planted/testing/helper.ts", "#lib/server/context.ts"),
  floor("lib/client/planted.config.ts", "#lib/server/config/config.ts"),
];

export const PLANTED_FAULTS: readonly Planted[] = [
  file("a promise floats", "nursery/noFloatingPromises", "lib/server/planted/floating.ts", FLOATING),
  {
    what: "a promise of another module floats",
    rule: "nursery/noFloatingPromises",
    files: { "ops/planted-floating.ts": 'import { later } from "#lib/server/planted-later.ts";\n\nlater();\n' },
  },
  file("a promise floats in a test", "nursery/noFloatingPromises", "lib/domain/planted/floating.test.ts", FLOATING),
  file(
    "a promise stands where a condition belongs",
    "nursery/noMisusedPromises",
    "lib/server/planted/misused.ts",
    "export async function both(later: Promise<boolean>): Promise<number> {\n  if (later) return 1;\n  return (await later) ? 2 : 3;\n}\n",
  ),
  file(
    "a switch forgets a case",
    "nursery/useExhaustiveSwitchCases",
    "lib/domain/planted/switch.ts",
    'export function run(kind: "a" | "b"): number {\n  let v = 0;\n  switch (kind) {\n    case "a":\n      v = 1;\n      break;\n  }\n  return v;\n}\n',
  ),
  file("any", "suspicious/noExplicitAny", "lib/domain/planted/any.ts", "export const v = (x: any): unknown => x;\n"),
  file("any in a test", "suspicious/noExplicitAny", "lib/domain/planted/any.test.ts", "export const v = (x: any): unknown => x;\n"),
  file("console", "suspicious/noConsole", "lib/server/planted/console.ts", 'console.log("x");\n'),
  file("console in a test", "suspicious/noConsole", "workers/volunteer/planted/console.test.ts", 'console.log("x");\n'),
  file("console in a file named like a configuration", "suspicious/noConsole", "lib/server/planted/console.config.ts", 'console.log("x");\n'),
  file("process.env", "style/noProcessEnv", "lib/server/planted/env.ts", "export const v = process.env.HOME;\n"),
  file("process.env in a page", "style/noProcessEnv", "app/planted/env.ts", "export const v = process.env.HOME;\n"),
  file("a file of 401 lines", "style/noExcessiveLinesPerFile", "lib/domain/planted/long.ts", moduleOf(401)),
  file("a script of 401 lines", "style/noExcessiveLinesPerFile", "scripts/planted-long.ts", moduleOf(401)),
  file("a test of 601 lines", "style/noExcessiveLinesPerFile", "lib/domain/planted/long.test.ts", moduleOf(601)),
  file("a function of 71 lines", "complexity/noExcessiveLinesPerFunction", "lib/domain/planted/function.ts", functionOf(71)),
  file("a function of 71 lines in the command line", "complexity/noExcessiveLinesPerFunction", "cli/planted-function.ts", functionOf(71)),
  file("conditions inside one another", "complexity/noExcessiveCognitiveComplexity", "lib/domain/planted/nested.ts", nestedOf(6)),
  file("a barrel", "performance/noBarrelFile", "lib/domain/planted/barrel.ts", 'export { a } from "./cycle-a.ts";\nexport { b } from "./cycle-b.ts";\n'),
  file("everything passed on", "performance/noReExportAll", "lib/domain/planted/all.ts", 'export * from "./cycle-a.ts";\n'),
  file("a file name in camel case", "style/useFilenamingConvention", "lib/domain/planted/badName.ts", "export const v = 1;\n"),
  file("a non-null assertion", "style/noNonNullAssertion", "lib/domain/planted/non-null.ts", "export const v = (x: string | null): number => x!.length;\n"),
  file("an enum", "style/noEnum", "lib/domain/planted/enum.ts", "export enum Kind {\n  A = 1,\n}\n"),
  file("a string is thrown", "style/useThrowOnlyError", "lib/domain/planted/throw.ts", 'export function run(): never {\n  throw "x";\n}\n'),
  file(
    "a type is imported as a value",
    "style/useImportType",
    "lib/domain/planted/value-import.ts",
    'import { a } from "./cycle-a.ts";\nexport type A = typeof a;\n',
  ),
  {
    what: "modules in a circle",
    rule: "suspicious/noImportCycles",
    files: {
      "lib/domain/planted/cycle-a.ts": 'import { b } from "./cycle-b.ts";\nexport const a = (): number => b() + 1;\n',
      "lib/domain/planted/cycle-b.ts": 'import { a } from "./cycle-a.ts";\nexport const b = (): number => a() + 1;\n',
    },
  },
];

/** What is allowed, close to what is not: none of it may be reported. */
export const CLEAN_FILES: Readonly<Record<string, string>> = {
  "lib/domain/clean/within.ts": 'import "#lib/domain/ids.ts";\nimport "./nested.ts";\n',
  "lib/domain/clean/nested.ts": nestedOf(5),
  "lib/domain/clean/long.ts": moduleOf(400),
  "lib/domain/clean/function.ts": functionOf(70),
  "lib/domain/clean/long.test.ts": moduleOf(600),
  "lib/domain/clean/function.test.ts": functionOf(100),
  "lib/domain/clean/floors.test.ts": 'import "#lib/server/context.ts";\nimport "node:fs";\n',
  "lib/protocol/clean.ts": 'import "zod";\nimport "#lib/domain/ids.ts";\n',
  "lib/server/planted-later.ts": "export async function later(): Promise<number> {\n  return await Promise.resolve(1);\n}\n",
  "lib/server/clean.ts": 'import "#lib/protocol/errors.ts";\nimport "node:fs";\nimport "pg";\n',
  "lib/client/clean.ts": 'import "#lib/protocol/errors.ts";\nimport "#workers/volunteer/engine-contract.ts";\nimport "react";\n',
  "workers/executor/clean.ts": 'import "#lib/domain/ids.ts";\nimport "#lib/hash/sha256.ts";\n',
  "workers/volunteer/clean.ts": 'import "#lib/client/api/api.ts";\nimport "#workers/executor/executor-contract.ts";\n',
  "sdk/clean.ts": 'import "#lib/client/api/api.ts";\nimport "#lib/hash/sha256.ts";\nimport "#lib/protocol/errors.ts";\n',
  "cli/clean.ts": 'import "#workers/volunteer/engine.ts";\nconsole.log(process.env.HOME);\n',
  "scripts/clean.ts": 'import "#lib/server/context.ts";\nconsole.log(process.env.HOME);\n',
  "ops/clean.ts": 'import "#lib/server/services.ts";\nconsole.log(process.env.HOME);\n',
  "app/clean.ts": 'import "#lib/server/jobs/list-jobs.ts";\n',
  "lib/ui/clean.ts": 'import type { Catalogue } from "#lib/text/catalogue.ts";\nexport type Text = Catalogue;\n',
};
