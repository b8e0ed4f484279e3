// Writes expected/hits.csv by running the committed program on the whole input:
//
//   node examples/protein-search/generate-expected.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProteinSearch } from "./run-protein-search.ts";

const queries = readFileSync(join(import.meta.dirname, "input", "queries.fasta"), "utf8");
const run = runProteinSearch(queries, join(import.meta.dirname, "input", "database.fasta"));
process.stderr.write(run.stderr);
if (run.exitCode === 0) writeFileSync(join(import.meta.dirname, "expected", "hits.csv"), run.stdout);
process.exitCode = run.exitCode;
