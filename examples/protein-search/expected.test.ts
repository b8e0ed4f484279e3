import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProteinSearch } from "./run-protein-search.ts";

const DATABASE = join(import.meta.dirname, "input", "database.fasta");
const queries = readFileSync(join(import.meta.dirname, "input", "queries.fasta"), "utf8");
const expected = readFileSync(join(import.meta.dirname, "expected", "hits.csv"), "utf8");

const records = queries.split(/^(?=>)/m);
const header = expected.slice(0, expected.indexOf("\n") + 1);

test("the queries one by one, joined under one header, give the expected bytes", { timeout: 180_000 }, () => {
  const runs = records.map((record) => runProteinSearch(record, DATABASE));
  expect(runs.filter((run) => run.exitCode !== 0 || run.stderr !== "" || !run.stdout.startsWith(header))).toEqual([]);
  expect(header + runs.map((run) => run.stdout.slice(header.length)).join("")).toBe(expected);
});

test("several queries in one run give the same rows under one header", () => {
  const { stdout } = runProteinSearch(records.slice(0, 5).join(""), DATABASE);
  expect(stdout.split("\n")).toHaveLength(1 + 5 * 10 + 1);
  expect(expected.startsWith(stdout)).toBe(true);
});
