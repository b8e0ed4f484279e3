import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MUTANTS } from "./mutants.ts";

test.each(MUTANTS.map((mutant) => [mutant.source, mutant.code, mutant.fault] as const))("%s has one place for the fault in %j", (source, code, fault) => {
  const text = readFileSync(join(import.meta.dirname, "../src", `${source}.sol`), "utf8");
  expect(text.split(code)).toHaveLength(2);
  expect(fault).not.toBe(code);
});
