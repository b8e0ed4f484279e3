import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHits } from "./hits-csv.ts";
import { PROGRAM, runProgram } from "./run-protein-search.ts";

const USUAL = ["--database", "/data/database.fasta"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "protein-search-refusals-"));
  writeFileSync(join(folder, "database.fasta"), '>T1 a protein, "quoted"\nMKVLAW\n>T2\r\nMKVL\r\nAC\r\n');
  writeFileSync(join(folder, "empty.fasta"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what it cannot use is refused with the reason, exit code 2 and no output", () => {
  const cases: { name: string; stdin?: string; args?: string[]; reason: string }[] = [
    { name: "no query", stdin: "", reason: "standard input holds no FASTA record" },
    {
      name: "text before a header",
      stdin: "MKV\n>Q\nMKV\n",
      reason: "standard input, line 1: FASTA begins with a header line",
    },
    { name: "a header without an identifier", stdin: "> \nMKV\n", reason: "line 1: a header without an identifier" },
    { name: "a record without residues", stdin: ">Q\n>R\nMKV\n", reason: 'record "Q" has no residues' },
    { name: "a last record without residues", stdin: ">Q\nMKV\n>R", reason: 'record "R" has no residues' },
    { name: "a digit", stdin: ">Q\nMKV\nM1V\n", reason: "line 3: '1' is not an amino-acid letter" },
    { name: "a gap character", stdin: ">Q\nMK-V\n", reason: "line 2: '-' is not an amino-acid letter" },
    { name: "a byte outside ASCII", stdin: ">Q\nMKé\n", reason: "line 2: the byte 0xc3 is not an amino-acid letter" },
    { name: "a zero byte", stdin: ">Q\nMK\0V\n", reason: "line 2: zero byte in the text" },
    {
      name: "a missing database",
      args: ["--database", "/data/none.fasta"],
      reason: "/data/none.fasta cannot be opened",
    },
    {
      name: "an empty database",
      args: ["--database", "/data/empty.fasta"],
      reason: "/data/empty.fasta holds no FASTA record",
    },
    { name: "no database", args: [], reason: "name the database" },
    { name: "an unknown argument", args: [...USUAL, "--best", "3"], reason: 'unknown argument "--best"' },
    { name: "an argument without its value", args: [...USUAL, "--hits"], reason: "--hits needs a value" },
    { name: "no hits at all", args: [...USUAL, "--hits", "0"], reason: "--hits takes a whole number from 1 to 1000" },
    { name: "hits that are no number", args: [...USUAL, "--hits", "ten"], reason: 'not "ten"' },
  ];
  test.each(cases)("$name", ({ stdin = ">Q\nMKV\n", args = USUAL, reason }) => {
    const run = runProgram(stdin, folder, args);
    expect(run.stderr).toMatch(/^protein-search: .*\n$/);
    expect(run.stderr).toContain(reason);
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});

test("blank lines, Windows line ends, lower case and a missing last line end are read; descriptions are quoted", () => {
  const run = runProgram("\r\n>Q  my query\r\nmk v\r\n\r\nLAw", folder, USUAL);
  const rows = parseHits(run.stdout).map((hit) => [hit.query, hit.target, hit.score, hit.target_description]);
  expect(rows).toEqual([
    ["Q", "T1", "33", 'a protein, "quoted"'],
    ["Q", "T2", "22", ""],
  ]);
  expect(run.stdout).toContain('"a protein, ""quoted"""\n');
});

test("a query that resembles nothing has no row", () => {
  const run = runProgram(">Q\nGGGG\n", folder, USUAL);
  expect({ exitCode: run.exitCode, hits: parseHits(run.stdout) }).toEqual({ exitCode: 0, hits: [] });
});

test("the program asks for nothing but WASI preview 1 and carries no debugging names", () => {
  const modules = new Set(WebAssembly.Module.imports(PROGRAM).map((entry) => entry.module));
  expect([...modules]).toEqual(["wasi_snapshot_preview1"]);
  expect(WebAssembly.Module.customSections(PROGRAM, "name")).toEqual([]);
});
