import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import { checkForm } from "./check-form.ts";
import { EMPTY_FORM } from "./job-form.ts";
import { readFiles } from "./read-job-file.ts";

const words = createWords("en", CATALOGUES.en);

const EXAMPLE = new URL("../../../../examples/protein-search/", import.meta.url);

async function example(paths: string[]): Promise<{ path: string; file: File }[]> {
  return await Promise.all(
    paths.map(async (path) => ({ path: `protein-search/${path}`, file: new File([await readFile(new URL(path, EXAMPLE))], path.split("/").at(-1) ?? "") })),
  );
}
const json = (value: unknown) => ({ path: "job.json", file: new File([typeof value === "string" ? value : JSON.stringify(value)], "job.json") });
const bytes = (path: string) => ({ path, file: new File(["x"], path.split("/").at(-1) ?? "") });

test("a dropped folder fills the whole form from its job.json", async () => {
  const dropped = await example(["job.json", "protein-search.wasm", "input/queries.fasta", "input/database.fasta", "README.md"]);
  const read = await readFiles(dropped, EMPTY_FORM, words);
  expect(read).toMatchObject({
    ok: true,
    problems: {},
    form: {
      name: "Protein search",
      args: "--database /data/database.fasta",
      mode: "fasta",
      recordsPerShard: "1",
      timeSeconds: "60",
      memoryMebi: "256",
      price: "0.001",
      format: "csv",
    },
  });
  if (!read.ok) throw new Error(read.problem);
  expect([read.form.program?.name, read.form.input?.name, read.form.files.map((shared) => [shared.name, shared.file.name])]).toEqual([
    "protein-search.wasm",
    "queries.fasta",
    [["database.fasta", "database.fasta"]],
  ]);
});

test("what job.json says of a kernel and its comparison is submitted as it stands, until another program takes its place", async () => {
  const folder = new URL("../../../../examples/nbody-gpu/", import.meta.url);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const dropped = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { path: `nbody/${relative(fileURLToPath(folder), path)}`, file: new File([await readFile(path)], name) };
    }),
  );
  const read = await readFiles(dropped, EMPTY_FORM, words);
  if (!read.ok) throw new Error(read.problem);
  expect(read.problems).toEqual({});
  const job = JSON.parse(await readFile(new URL("job.json", folder), "utf8"));
  const checked = checkForm({ ...read.form, isConfirmed: true }, words);
  expect(checked).toMatchObject({
    ok: true,
    spec: { program: { runtime: "wgsl", kernel: job.program.kernel }, verification: { compare: job.verification.compare } },
  });
  const other = await readFiles([bytes("other.wasm")], read.form, words);
  expect(other).toMatchObject({ ok: true, form: { carried: { runtime: "wasi" } } });
});

test("a job for a pool stays one, also with another program", async () => {
  const visibility = { kind: "pool", pool: `pol_${"0".repeat(32)}` };
  const job = { version: 1, name: "x", visibility, program: { runtime: "wasi", artifact: { path: "p.wasm" } }, slicing: { mode: "range", from: 0, to: 9 } };
  const read = await readFiles([json(job), bytes("p.wasm")], EMPTY_FORM, words);
  if (!read.ok) throw new Error(read.problem);
  const other = await readFiles([bytes("other.wasm")], read.form, words);
  if (!other.ok) throw new Error(other.problem);
  for (const form of [read.form, other.form]) expect(checkForm({ ...form, isConfirmed: true }, words)).toMatchObject({ ok: true, spec: { visibility } });
});

test("files chosen one by one are found by their names", async () => {
  const dropped = (await example(["job.json", "protein-search.wasm", "input/queries.fasta", "input/database.fasta"])).map(({ file }) => ({
    path: file.name,
    file,
  }));
  expect(await readFiles(dropped, EMPTY_FORM, words)).toMatchObject({ ok: true, problems: {} });
});

test("a file that job.json names and nobody dropped is asked for at its field", async () => {
  const read = await readFiles(await example(["job.json", "protein-search.wasm", "input/queries.fasta"]), EMPTY_FORM, words);
  expect(read).toMatchObject({ ok: true, form: { files: [] }, problems: { files: expect.stringContaining("input/database.fasta") } });
});

test("an unknown field, a wrong value and text that is not JSON are refused by name", async () => {
  const valid = { version: 1, name: "x", program: { runtime: "wasi", artifact: { path: "p.wasm" } }, slicing: { mode: "range", from: 0, to: 9 } };
  expect(await readFiles([json({ ...valid, colour: "blue" })], EMPTY_FORM, words)).toEqual({
    ok: false,
    problem: "job.json: colour: it is not a known field.",
  });
  expect(await readFiles([json({ ...valid, slicing: { mode: "range", from: 0, to: 9, step: 0 } })], EMPTY_FORM, words)).toMatchObject({
    ok: false,
    problem: expect.stringContaining("slicing.step"),
  });
  expect(await readFiles([json("{")], EMPTY_FORM, words)).toMatchObject({ ok: false, problem: expect.stringContaining("job.json is not JSON") });
});

test("a digest alone cannot be uploaded, so the file is asked for", async () => {
  const job = { version: 1, name: "x", program: { runtime: "wasi", artifact: { sha256: "a".repeat(64) } }, slicing: { mode: "range", from: 0, to: 9 } };
  expect(await readFiles([json(job)], EMPTY_FORM, words)).toMatchObject({ ok: true, problems: { program: words.text.submit.drop.digest } });
});

test("without a job.json the module becomes the program, and what was entered stays", async () => {
  const read = await readFiles([bytes("a/p.wasm"), bytes("a/in.txt"), bytes("a/my table.csv")], { ...EMPTY_FORM, name: "Mine" }, words);
  if (!read.ok) throw new Error(read.problem);
  expect([read.form.name, read.form.program?.name, read.form.input?.name, read.form.files.map((shared) => shared.name)]).toEqual([
    "Mine",
    "p.wasm",
    "in.txt",
    ["my-table.csv"],
  ]);
});
