import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { atSize } from "#lib/testing/run-size.ts";
import { runProteinSearch } from "./run-protein-search.ts";

const DATABASE = join(import.meta.dirname, "input", "database.fasta");
const queries = readFileSync(join(import.meta.dirname, "input", "queries.fasta"), "utf8");
const expected = readFileSync(join(import.meta.dirname, "expected", "hits.csv"), "utf8");

const records = queries.split(/^(?=>)/m);
const header = expected.slice(0, expected.indexOf("\n") + 1);
const HITS_PER_QUERY = 10;
const QUERIES = atSize(12, records.length);

test("the queries one by one, joined under one header, give the expected bytes", { timeout: 180_000 }, () => {
  const runs = records.slice(0, QUERIES).map((record) => runProteinSearch(record, DATABASE));
  expect(runs.filter((run) => run.exitCode !== 0 || run.stderr !== "" || !run.stdout.startsWith(header))).toEqual([]);
  expect(header + runs.map((run) => run.stdout.slice(header.length)).join("")).toBe(firstLines(1 + QUERIES * HITS_PER_QUERY));
});

test("several queries in one run give the same rows under one header", () => {
  const { stdout } = runProteinSearch(records.slice(0, 5).join(""), DATABASE);
  expect(stdout).toBe(firstLines(1 + 5 * HITS_PER_QUERY));
});

function firstLines(count: number): string {
  return expected
    .split("\n")
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join("");
}
