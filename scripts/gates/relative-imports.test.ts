import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { listEscapingImports } from "./relative-imports.ts";
import { listSources } from "./temp-project.ts";

test.each([
  ["lib/domain/job/planted.ts", 'import { db } from "../../server/db/client.ts";'],
  ["lib/domain/planted.ts", 'import type { Db } from "../server/db/client.ts";'],
  ["lib/protocol/planted.ts", 'export * from "../server/context.ts";'],
  ["lib/client/api/planted.ts", 'const later = await import("../../server/context.ts");'],
  ["workers/executor/planted.ts", 'import "../volunteer/engine.ts";'],
  ["cli/planted.ts", 'import {\n  a,\n} from "../lib/server/services.ts";'],
  ["app/planted/page.tsx", 'import { a } from "../../lib/server/db/client.ts";'],
])("%s: an import that climbs out of its room is found", (path, text) => {
  expect(listEscapingImports(path, text)).toHaveLength(1);
});

test.each([
  ["lib/domain/job/planted.ts", 'import { a } from "../ids.ts";\nimport { b } from "./job.ts";\nimport "#lib/domain/ids.ts";'],
  ["lib/server/planted.test.ts", 'import "../testing/builders.ts";'],
  ["lib/testing/planted.ts", 'import "../../scripts/postgres/start-postgres.ts";'],
])("%s: imports within a room, and those of tests, are left alone", (path, text) => {
  expect(listEscapingImports(path, text)).toEqual([]);
});

test("no relative import of the project leaves its room", () => {
  const sources = listSources().filter((path) => /\.tsx?$/.test(path));
  const escaping = sources.flatMap((path) =>
    listEscapingImports(path, readFileSync(resolve(import.meta.dirname, "../..", path), "utf8")).map((specifier) => `${path}: ${specifier}`),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(escaping).toEqual([]);
});
