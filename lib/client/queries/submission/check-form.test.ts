import { expect, test } from "vitest";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import { checkForm, fieldOfPath } from "./check-form.ts";
import { EMPTY_FORM, type FieldProblems, type JobForm } from "./job-form.ts";

const words = createWords("en", CATALOGUES.en);

const file = (name: string, bytes = 1) => Object.defineProperty(new File(["x"], name), "size", { value: bytes });
const GOOD: JobForm = { ...EMPTY_FORM, name: "Search", program: file("p.wasm"), input: file("in.txt"), isConfirmed: true };

function problemsOf(change: Partial<JobForm>): FieldProblems {
  const checked = checkForm({ ...GOOD, ...change }, words);
  return checked.ok ? {} : checked.problems;
}

test("a complete form is a submission in the schema's units", () => {
  const checked = checkForm(
    {
      ...GOOD,
      args: "--out 'a b' {shard}",
      timeSeconds: "1.5",
      memoryMebi: "64",
      outputKibi: "8",
      price: "0.002",
      files: [{ name: "db.txt", file: file("db.txt") }],
    },
    words,
  );
  expect(checked).toMatchObject({
    ok: true,
    spec: {
      program: { args: ["--out", "a b", "{shard}"] },
      limits: { timeMsMax: 1500, memoryBytesMax: 64 * 2 ** 20, outputBytesMax: 8192 },
      price: { replicaMicro: "2000" },
      files: [{ name: "db.txt" }],
      slicing: { mode: "lines", linesPerShard: 1 },
    },
  });
});

test("reducer, tile, delimiter, weight and milestones are submitted as entered", () => {
  const checked = checkForm(
    {
      ...GOOD,
      mode: "csv",
      delimiter: ";",
      format: "tile",
      tileWidth: "32",
      tileHeight: "16",
      tilePixels: "grey8",
      reduceBy: "mosaic",
      columns: "4",
      weight: "2",
      milestones: [
        { finalPercent: "0", releasePercent: "10" },
        { finalPercent: "5", releasePercent: "100" },
      ],
    },
    words,
  );
  expect(checked).toMatchObject({
    ok: true,
    spec: {
      slicing: { mode: "csv", delimiter: ";" },
      output: { format: "tile", tile: { width: 32, height: 16, pixels: "grey8" } },
      reducer: { kind: "mosaic", columns: 4 },
      weight: 2,
      milestones: [
        { finalPercent: 0, releasePercent: 10 },
        { finalPercent: 5, releasePercent: 100 },
      ],
    },
  });
  expect(checkForm({ ...GOOD, format: "csv", reduceBy: "top-k", topRows: "3", topOrder: "smallest", reduceField: "v" }, words)).toMatchObject({
    ok: true,
    spec: { reducer: { kind: "top-k", k: 3, order: "smallest", field: "v" } },
  });
  const text = checkForm({ ...GOOD, reduceBy: "sum", reduceField: "left from another format" }, words);
  expect(text.ok && text.spec.reducer).toEqual({ kind: "sum" });
  expect(checkForm({ ...GOOD, reduceBy: "wasi", reducer: file("r.wasm"), reducerArgs: "--top 3", reducedFormat: "json" }, words)).toMatchObject({
    ok: true,
    spec: { reducer: { kind: "wasi", args: ["--top", "3"], format: "json" } },
  });
});

test("a range takes no input, even if one was chosen before", () => {
  const checked = checkForm({ ...GOOD, mode: "range", from: "0", to: "10" }, words);
  expect(checked).toMatchObject({ ok: true, spec: { slicing: { mode: "range", from: 0, to: 10, step: 1, valuesPerShard: 1 } } });
  expect(checked.ok && "input" in checked.spec).toBe(false);
});

test.each<[string, Partial<JobForm>, FieldProblems]>([
  ["no name", { name: " " }, { name: words.text.submit.requiredText }],
  ["no program", { program: null }, { program: words.text.submit.required }],
  ["no input", { input: null }, { input: words.text.submit.required }],
  [
    "a program above 64 MiB",
    { program: file("p.wasm", 2 ** 26 + 1) },
    { program: "The program is larger than the 64 MiB this instance accepts. Nothing was stored." },
  ],
  ["shared files above 256 MiB", { files: [{ name: "a", file: file("a", 2 ** 28 + 1) }] }, { files: expect.stringContaining("256 MiB") }],
  ["no confirmation", { isConfirmed: false }, { isConfirmed: words.text.submit.readable.missing }],
  ["time below the limit, in seconds", { timeSeconds: "0.05" }, { timeSeconds: "Must be at least 0.1." }],
  ["memory above the limit, in MiB", { memoryMebi: "4096" }, { memoryMebi: "Must be at most 2,048." }],
  ["half a record", { linesPerShard: "1.5" }, { linesPerShard: words.text.submit.wholeNumber }],
  ["letters for a number", { assurance: "instant", quorum: "two" }, { quorum: words.text.submit.notNumber }],
  ["fewer replicas than the quorum", { assurance: "instant", quorum: "3", replicasMax: "2" }, { replicasMax: "ReplicasMax must not be below quorum." }],
  ["an open quotation mark", { args: "'a" }, { args: words.text.submit.quoteOpen }],
  ["a negative price", { price: "-1" }, { price: words.text.submit.notAmount }],
  ["a picture of texts", { reduceBy: "mosaic" }, { reduceBy: expect.stringContaining("output format tile") }],
  ["documents without a member", { format: "json", reduceBy: "sum" }, { reduceField: "Is needed with the format json." }],
  ["a histogram without parts", { reduceBy: "histogram", bins: "" }, { bins: words.text.submit.notNumber }],
  ["a span that ends before it begins", { reduceBy: "histogram", binsFrom: "1", binsTo: "0" }, { binsTo: "Must be above from." }],
  ["a reducer of one's own without its file", { reduceBy: "wasi" }, { reducer: words.text.submit.required }],
  [
    "a placeholder for it",
    { reduceBy: "wasi", reducer: file("r.wasm"), reducerArgs: "{shard}" },
    { reducerArgs: expect.stringContaining("No shard fills it in") },
  ],
  ["weight in words", { weight: "much" }, { weight: words.text.submit.notNumber }],
  ["no weight at all", { weight: "0" }, { weight: "Must be at least 1." }],
  ["milestones that end too soon", { milestones: [{ finalPercent: "0", releasePercent: "50" }] }, { milestones: "The last milestone must release 100." }],
  ["a milestone without a number", { milestones: [{ finalPercent: "", releasePercent: "100" }] }, { milestones: words.text.submit.notNumber }],
  ["a seed with letters", { seed: "x" }, { seed: "Must be a whole number from 0 to 18446744073709551615 as a decimal string." }],
])("%s is refused at its field", (_, change, expected) => {
  expect(problemsOf(change)).toEqual(expected);
});

test.each([
  ["program.artifact", "program"],
  ["program.args.2", "args"],
  ["files.0.name", "files"],
  ["slicing.to", "to"],
  ["slicing.recordsPerShard", "recordsPerShard"],
  ["limits.memoryBytesMax", "memoryMebi"],
  ["verification.replicasMax", "replicasMax"],
  ["price.replicaMicro", "price"],
  ["(body)", null],
])("the server's %s is the form's %s", (path, field) => {
  expect(fieldOfPath(path)).toBe(field);
});
