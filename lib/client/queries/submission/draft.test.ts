import { expect, test } from "vitest";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import { checkForm } from "./check-form.ts";
import { DRAFT_FILE_BYTES_MAX, fromDraft, hasEntries, toDraft } from "./draft.ts";
import { EMPTY_FORM, type JobForm } from "./job-form.ts";
import { readFiles } from "./read-job-file.ts";
import { writeJobFile } from "./write-job-file.ts";

const words = createWords("en", CATALOGUES.en);
const sized = (name: string, bytes: number) => Object.defineProperty(new File(["x"], name), "size", { value: bytes });
const FORM: JobForm = {
  ...EMPTY_FORM,
  name: "Search",
  args: "--db /data/db.fa {shard}",
  mode: "fasta",
  recordsPerShard: "7",
  timeSeconds: "1.5",
  price: "0.25",
  seed: "18446744073709551615",
  program: new File(["p"], "p.wasm"),
  input: new File([">a\n"], "q.fasta"),
  files: [{ name: "db.fa", file: new File(["d"], "my db.fa") }],
  isConfirmed: true,
};

test("a draft holds what was entered, but never the confirmation", () => {
  const draft = toDraft(FORM, new Date());
  expect(draft.large).toEqual([]);
  expect(JSON.stringify(draft)).not.toContain("isConfirmed");
  expect(fromDraft(draft)).toEqual({ ...FORM, isConfirmed: false });
});

test("files too large to keep are left out and named", () => {
  const big = DRAFT_FILE_BYTES_MAX + 1;
  const draft = toDraft({ ...FORM, input: sized("big.fasta", big), files: [{ name: "huge", file: sized("huge", big) }, ...FORM.files] }, new Date());
  expect(draft.large).toEqual([
    { field: "files", name: "huge" },
    { field: "input", name: "big.fasta" },
  ]);
  expect(draft.form).toMatchObject({ input: null, files: FORM.files });
});

test("a draft of another version of the page fills in what this one knows and nothing else", () => {
  const { name: _, ...older } = toDraft(FORM, new Date()).form;
  const form = fromDraft({ form: { ...older, gone: "x" } as never, large: [], savedAt: new Date() });
  expect(form).toEqual({ ...FORM, name: "", isConfirmed: false });
});

test("only what somebody entered is worth keeping", () => {
  expect(hasEntries({ ...EMPTY_FORM, files: [] })).toBe(false);
  expect(hasEntries({ ...EMPTY_FORM, isConfirmed: true })).toBe(false);
  expect(hasEntries({ ...EMPTY_FORM, topic: "biology" })).toBe(true);
});

test("a written job.json dropped back in with its files fills in the same form", async () => {
  const checked = checkForm(FORM, words);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const document = JSON.stringify(writeJobFile(checked.spec, FORM));
  const files = [new File([document], "job.json"), FORM.program, FORM.input, ...FORM.files.map(({ file }) => file)].filter((file) => file !== null);
  const read = await readFiles(
    files.map((file) => ({ path: file.name, file })),
    EMPTY_FORM,
    words,
  );
  expect(read).toMatchObject({ ok: true, problems: {}, form: { ...FORM, isConfirmed: false, args: FORM.args } });
});
